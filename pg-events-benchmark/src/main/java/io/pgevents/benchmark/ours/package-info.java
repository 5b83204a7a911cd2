/** pg-events as contestant, and the loop written by hand that it is compared with. */
@NullMarked
package io.pgevents.benchmark.ours;

import org.jspecify.annotations.NullMarked;
