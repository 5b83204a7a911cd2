/**
 * Dispatch: from a signal to a finished event.
 *
 * <p>A {@code SubscriptionConsumer} runs one subscription on one instance. It sleeps without a thread and without a
 * statement until it is
 * <em>signalled</em>: by a publisher of this process after its commit, by the hub, by a timer, or by the poll that
 * looks after all idle subscriptions with one statement. A signal starts a worker, which makes <em>passes</em>: claim a
 * batch, handle it, finish it. A full batch passes the turn on before it is handled, so the next worker starts and the
 * claim goes on at once; a consumer that is hot gathers events for four milliseconds instead of claiming each alone; while
 * a pass takes long, another worker looks; workers end when a pass has found nothing more. Whoever ends with nothing left
 * to do asks the hub to park the subscription. A parked consumer that is notified while all its workers are busy
 * cries for help, so that an idle instance has its turn. After a failure that is no event's, all workers of the
 * consumer pause, whoever signals.
 *
 * <h2>A pass in transactional mode</h2>
 *
 * <pre>
 * begin -> claim (lock rows) -> convert, handle each -> publish next steps -> finish all -> commit
 * </pre>
 *
 * <p>It is optimistic: one transaction for the batch, no savepoints. If an event fails, everything is rolled back. The
 * first event of a transaction had no neighbour that could have disturbed it, so its failure is recorded at once, in a
 * transaction of its own; otherwise as many passes with one event each follow, so that each event is judged alone and
 * the good ones commit. What dies when:
 * <ul>
 *   <li>The process: the server rolls back and frees the rows at once; a sweep of another instance finds them.
 *   <li>The connection or the server: the same; no attempt is counted (unless it was counted beforehand, see
 *       below), and claims begin again with growing pauses. The events of the batch are treated as after a crash, because
 *       one of them may be the cause.
 *   <li>Between the rollback and the record of the failure: the event is tried again without the attempt having been
 *   counted. The claims of this instance do not go back to it before that, but a sweep or a look back may
 *   come across it.
 * </ul>
 *
 * <h2>A pass in leased mode</h2>
 *
 * <pre>
 * begin -> claim, UPDATE to processing -> commit; convert, handle each without a transaction; finish all that were handled
 * </pre>
 *
 * <p>An event with a next step is finished in the transaction that publishes it. Leases are renewed for the whole
 * instance, with one statement for each duration, on a thread that handles nothing. If the process dies, its leases end, and any instance
 * gives the events back; the attempt counts. A completion that comes too late changes nothing and is reported.
 *
 * <h2>Events that kill the process</h2>
 *
 * <p>A rolled-back transaction forgets its attempt, so an event that kills the process would circle for ever. An
 * instance therefore leaves a row in {@code event_node} and deletes it when it stops; its listening connection, opened
 * first, holds a lock on it that proves that it is alive, unless it polls or a pooler is in between. Whoever starts and finds a row
 * whose owner is not provably alive is <em>cautious</em>: for every event up to the newest at that time it counts the
 * attempt in a transaction of its own before it handles the event, and it handles events that have failed before, or
 * that have no attempt to spare, one at a time over all its subscriptions. An event that kills the
 * process n times has at least n minus the number of instances attempts, and ends as a dead letter. The same holds for
 * an event that kills its connection: whoever was handling it remembers that. An attempt that was counted beforehand
 * stays counted, also if it is ended by an outage or a stop.
 */
@NullMarked
package io.pgevents.dispatch;

import org.jspecify.annotations.NullMarked;
