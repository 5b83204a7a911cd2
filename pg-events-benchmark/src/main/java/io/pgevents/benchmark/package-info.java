/** The benchmark: scenarios, what they measure, and what is printed of it. */
@NullMarked
package io.pgevents.benchmark;

import org.jspecify.annotations.NullMarked;
