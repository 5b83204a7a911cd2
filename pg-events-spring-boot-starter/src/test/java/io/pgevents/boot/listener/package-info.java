/** Tests of the package of the same name. */
@NullMarked
package io.pgevents.boot.listener;

import org.jspecify.annotations.NullMarked;
