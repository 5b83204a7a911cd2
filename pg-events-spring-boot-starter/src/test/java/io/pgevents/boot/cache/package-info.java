/** Tests of caches that follow tables. */
@NullMarked
package io.pgevents.boot.cache;

import org.jspecify.annotations.NullMarked;
