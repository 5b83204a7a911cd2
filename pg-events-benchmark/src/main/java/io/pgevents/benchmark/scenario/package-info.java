/**
 * The scenarios: each is one class that says what is compared, how long it is measured and what it should be. A
 * scenario is never made easier to reach a figure; what is not reached is reported so.
 */
@NullMarked
package io.pgevents.benchmark.scenario;

import org.jspecify.annotations.NullMarked;
