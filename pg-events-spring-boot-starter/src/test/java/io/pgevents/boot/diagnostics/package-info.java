/** Tests of the package of the same name. */
@NullMarked
package io.pgevents.boot.diagnostics;

import org.jspecify.annotations.NullMarked;
