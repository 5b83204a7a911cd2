/**
 * Live: what every running instance sees at once, and browsers with it. {@code docs/decisions/0004-one-live-log.md} says
 * why it is a table; here is how it is read.
 *
 * <h2>Into the log</h2>
 *
 * <p>{@code event_log} is authoritative. An event comes there by the publisher's own INSERT, whose row for the
 * pseudo-subscription {@code $live} a trigger diverts (topics that a running application follows, {@code event_live_topic});
 * by a broadcast, after the commit; or by plain SQL. What is scheduled is not live, because the log has no due times.
 *
 * <h2>The tail</h2>
 *
 * <pre>
 *           nothing came for 200 ms                     gate closed
 *     HOT -------------------------> RESTING (asks for the gate) ---> PARKED
 *      ^                                |  woken, poll                   |
 *      |   many notifications, many     v                                |
 *      +------ events at once ------- READING <--------------------------+
 *                                                      woken
 * </pre>
 *
 * <p>A {@code LiveTail} is a thread with a {@code Position}: what a snapshot has seen, and in the middle of a read also those
 * up to an event. It is moved on only after a page was handed over, so whatever fails is tried again from there, with
 * growing pauses. Nothing is lost or told twice in between, however transactions commit, because rows are chosen by the
 * visibility of their transaction and never by their id.
 *
 * <p>Listeners run on that thread, and what they throw is logged. Broadcast handlers have a queue each, bounded by
 * number and bytes, and a thread of the executor while something is in it.
 *
 * <h2>Coming back</h2>
 *
 * <p>A {@code Subscriber} is added to the tail first, and what the tail finds for it waits; then a snapshot is taken, and
 * what that sees and the cursor does not is read and handed over; then what has waited, and from then on the tail does.
 * What the snapshot sees is left out when the tail finds it as well. So there is no hole, and nothing comes twice.
 * A listener that receives nothing is told every some seconds how far the tail has read ({@code LiveListener.reached}): the
 * cursor of its last event may lie before the horizon one day although nothing was missed.
 *
 * <h2>Gaps</h2>
 *
 * <p>Pruning moves the horizon first and deletes then; whoever reads looks at the horizon in the same snapshot or after it.
 * So a reader that misses what was pruned sees the horizon that says so. There is a gap only where something may be
 * missed: a cursor before the horizon, an unreadable one, one from another server, a replay beyond its limit, a queue that
 * was full, a read that was continued after its rows were pruned, topics that were forgotten, and for broadcast handlers
 * the time in which the bus was stopped. A lost connection is none.
 * A gap never overtakes events that wait: whoever reads its state again because of it must not get an older event
 * afterwards.
 *
 * <h2>Lives</h2>
 *
 * <p>Snapshots can be compared as long as no transaction id is given a second time. After a crash, or when a replica takes
 * over, it may be; then the unlogged {@code event_log_life} is empty, and whoever reads next puts a new id there. A
 * {@code Position} has the life in which it was reached. A tail that finds another life, or a snapshot that does not
 * cover its own, tells a gap, goes on from now, and lets the subscribers forget what was replayed; a cursor of another
 * life is a gap. Ticks and rows from the future are those of another server, and are forgotten before each pruning.
 */
@NullMarked
package io.pgevents.live;

import org.jspecify.annotations.NullMarked;
