/** Tests of the package of the same name. */
@NullMarked
package io.pgevents.boot.jackson;

import org.jspecify.annotations.NullMarked;
