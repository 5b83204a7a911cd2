/** Tests of the package of the same name. */
@NullMarked
package io.pgevents.boot.connection;

import org.jspecify.annotations.NullMarked;
