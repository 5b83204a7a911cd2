/** Tests of the embedded PostgreSQL. */
@NullMarked
package io.pgevents.boot.test;

import org.jspecify.annotations.NullMarked;
