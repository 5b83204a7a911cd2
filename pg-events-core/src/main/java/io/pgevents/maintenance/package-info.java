/**
 * What keeps the bus healthy besides the dispatch: leases that are over are ended, and what is kept no longer is deleted.
 *
 * <p><b>Who.</b> Every running instance, on its maintenance thread, also for subscriptions that it does not declare. Nobody is
 * elected: each statement locks the rows it is about to change and skips those that others have locked, so several
 * instances share the work, and one that dies is not missed. The row is authoritative, and nothing is remembered from one
 * run to the next. Each statement is a transaction of its own. A run that fails is reported and comes again with its next
 * turn.
 *
 * <h2>Leases</h2>
 *
 * <pre>
 *                        a lease is over, attempts are left
 *                    +--------------------------------------> pending, due at once
 *   processing ------+
 *                    +--------------------------------------> failed
 *                        a lease is over, attempts are used up
 * </pre>
 *
 * <p>Ten seconds after the end of a run the next one begins. So after a crash an event waits for its lease, and for about ten
 * seconds more. The attempt was counted when the lease was taken, and it stays counted: an event whose
 * handling ends the process becomes a dead letter. {@code last_error} says whose lease it was. Whoever had it and is still
 * alive holds a token that the row does not have any more: what it finishes later changes nothing. An event that is given
 * back is due a tenth of a second ago.
 *
 * <p>A run goes on, a thousand rows with each statement, until fewer are found. The scan is that of
 * {@code event_queue_leased}, which has all that is in process: its key is the id and not the end of the lease, because a
 * renewal must not touch an index.
 *
 * <h2>Retention</h2>
 *
 * <p>Handled events are deleted once {@code finished_at} is older than the retention; with a retention of zero the statement that
 * finishes them deletes them, and pruning finds only what was there before. Dead letters are pruned only if they have
 * a retention. De-duplication keys carry the end of their window themselves. All times are those of the server.
 *
 * <p>Thirty seconds after the end of a run the next one begins. The three kinds are pruned one after the other:
 *
 * <ul>
 *   <li>A statement deletes at most a thousand rows, the oldest first, in a short transaction: few rows are locked at a
 *       time, and nothing large is ever rolled back. A full batch is followed by the next one without a pause, until one
 *       is not full.
 *   <li>After five seconds of one kind the run leaves the rest to the next: the recovery of leases, the adoption of waiting
 *       events and the pruning of the live log have the same thread, and are not kept waiting for longer than that by each
 *       kind.
 *   <li>Each batch begins where the last one of the run has ended. While a transaction pins the horizon, vacuum removes
 *       nothing, and each batch would else walk over all that the others have deleted. The first one of a run does, because
 *       rows that were locked, or whose commit came late, may have stayed behind.
 * </ul>
 *
 * <h2>What dies when</h2>
 *
 * <table>
 *   <caption>What is left</caption>
 *   <tr><td>The process, or its connection, in a batch</td><td>the server rolls back that batch; what was committed before it stays
 *   done. Any instance goes on with its next run</td></tr>
 *   <tr><td>All instances</td><td>nothing is given back and nothing deleted until one runs again</td></tr>
 *   <tr><td>The database</td><td>the runs fail, and are made again with their next turn</td></tr>
 *   <tr><td>A stop of the instance</td><td>what runs has two seconds to end, and is interrupted then</td></tr>
 *   <tr><td>Nothing, but a row is locked by somebody</td><td>it is skipped, and found by a later run</td></tr>
 * </table>
 *
 * <p>The trace of crashes is in {@code event_node}, see {@code io.pgevents.dispatch}; the live log is pruned by
 * {@code io.pgevents.live}.
 */
@NullMarked
package io.pgevents.maintenance;

import org.jspecify.annotations.NullMarked;
