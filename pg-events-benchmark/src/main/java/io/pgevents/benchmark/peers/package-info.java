/**
 * Other queues on PostgreSQL as contestants, each tuned as its own documentation recommends. All have a pool of the
 * workers and four connections more, but modulith, which needs two for each worker; what cannot be the same for all is in
 * {@code tuning()}.
 */
@NullMarked
package io.pgevents.benchmark.peers;

import org.jspecify.annotations.NullMarked;
