/**
 * The words of pg-events: what an application publishes, subscribes to and receives.
 *
 * <p>An <em>event</em> is one row of {@code event_queue}. It has a <em>topic</em>, a dot-separated name. A
 * <em>subscription</em> is a named, durable consumer of topics; every subscription gets every event of its topics, and
 * the instances of an application compete within it. This package depends on no other package of pg-events.
 */
@NullMarked
package io.pgevents;

import org.jspecify.annotations.NullMarked;
