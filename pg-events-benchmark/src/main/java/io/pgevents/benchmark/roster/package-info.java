/** Everybody who takes part, by name. */
@NullMarked
package io.pgevents.benchmark.roster;

import org.jspecify.annotations.NullMarked;
