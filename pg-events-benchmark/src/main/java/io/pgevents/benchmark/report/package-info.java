/** What was found: measurements, figures with their goals, and how they are printed, written and drawn. */
@NullMarked
package io.pgevents.benchmark.report;

import org.jspecify.annotations.NullMarked;
