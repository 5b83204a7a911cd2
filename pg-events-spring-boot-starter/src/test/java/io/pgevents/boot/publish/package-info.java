/** Tests of the package of the same name. */
@NullMarked
package io.pgevents.boot.publish;

import org.jspecify.annotations.NullMarked;
