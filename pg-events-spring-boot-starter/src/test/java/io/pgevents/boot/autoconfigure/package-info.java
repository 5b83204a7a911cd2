/** Tests of the package of the same name. */
@NullMarked
package io.pgevents.boot.autoconfigure;

import org.jspecify.annotations.NullMarked;
