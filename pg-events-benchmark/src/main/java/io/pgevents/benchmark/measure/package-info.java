/** The vocabulary of all scenarios: effort, rounds, samples, percentiles, and deliveries that are counted and verified. */
@NullMarked
package io.pgevents.benchmark.measure;

import org.jspecify.annotations.NullMarked;
