/** Other queues for Java applications as contestants. */
@NullMarked
package io.pgevents.benchmark.peers;

import org.jspecify.annotations.NullMarked;
