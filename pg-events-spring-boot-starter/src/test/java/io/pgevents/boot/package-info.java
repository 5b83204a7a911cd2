/** Tests of the starter as a whole. */
@NullMarked
package io.pgevents.boot;

import org.jspecify.annotations.NullMarked;
