/**
 * Consumers in another process: the same program, started again with a hidden command. It is told by its input where
 * the database is, says {@code ready} when it consumes, waits for the rest of the events when it is told to, and at the
 * end of its input writes what it received and when.
 * Both processes run on one machine and read the same clock.
 */
@NullMarked
package io.pgevents.benchmark.process;

import org.jspecify.annotations.NullMarked;
