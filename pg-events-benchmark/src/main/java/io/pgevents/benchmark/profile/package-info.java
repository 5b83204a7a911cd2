/**
 * Evidence for what limits a figure: while a scenario runs, a recording of the flight recorder, what the server's
 * sessions wait for, and which statements take its time. Taking it costs time itself: what is measured beside is not to
 * be quoted.
 */
@NullMarked
package io.pgevents.benchmark.profile;

import org.jspecify.annotations.NullMarked;
