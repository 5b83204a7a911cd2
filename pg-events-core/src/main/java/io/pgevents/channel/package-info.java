/**
 * The hub: one dedicated connection for LISTEN, with the gates of the wake-up protocol and the raw channels of the
 * application on it.
 *
 * <h2>Why gates</h2>
 *
 * <p>NOTIFY takes a lock of the whole cluster that is held until the commit is flushed: a trigger that notifies on
 * every insert takes group commit away from the application. So, as a network card interrupts when idle and is polled
 * when busy, an INSERT notifies only while somebody sleeps. To sleep, an instance <em>closes the gate</em> of a
 * subscription: it takes the advisory lock (oid of {@code event_queue}, hash of the subscription's name) exclusively on its
 * listening connection. The INSERT probes the lock (ours in its RETURNING, a foreign one in the trigger that routes it);
 * if it is free, nobody sleeps, and nothing is sent. Two subscriptions whose names have the same hash share a gate: they
 * are woken together, and where different instances park them, one is found by the poll only.
 *
 * <h2>States of a subscription, per instance</h2>
 *
 * <pre>
 *            no more work               gate closed
 *  AWAKE ------------------> PARKING ---------------> PARKED
 *    ^                          |                        |
 *    |   another has the gate   v                        | notified
 *    +---- poll, help ------ FOLLOWING                   |
 *    +---------------------------------------------------+
 * </pre>
 *
 * <p>One instance is parked for a subscription, the leader; the others follow. A notification that all get is answered
 * by the leader only; followers answer a cry for help, which the leader sends when its claims come back full. If the
 * leader dies, the server frees its gate with its connection; until a follower has closed it again, after three poll
 * intervals at the latest, the poll finds the work.
 *
 * <h2>No wake-up is lost beyond the poll interval</h2>
 *
 * <ol>
 *   <li>A publisher that inserts after the gate was closed notifies at its commit.
 *   <li>One that has committed before the gate was closed is seen by the claim that always follows the closing.
 *   <li>One that probed the gate before it was closed, and commits after that claim, was in progress when the gate was
 *       closed. So after closing, the snapshot's transactions in progress are remembered and watched, with growing
 *       pauses; when one of them is over, its subscriptions are swept: its events may be due before others that were
 *       handled since. A watch ends when its pause reaches the poll interval.
 *   <li>With the connection lost, no gate is closed and nothing is sent: the poll is what remains, until the hub is
 *       connected again and all consumers have looked once.
 *   <li>With the line cut and nobody told, the server keeps the gate for a client that hears nothing, and publishers
 *       notify the dead. The client misses its heartbeat, connects again and looks; once the server drops the dead session,
 *       whoever closes the gate next looks. Until then the poll is what remains, here as well.
 *   <li>A process that dies in the middle of a claim gives events back for which nobody notifies; and what is committed
 *       after its watch has ended is not noticed. Both wait for the poll, and for no more than one: it looks at all that
 *       waits, whatever became of gates and connections, and a worker claims it before that instance polls again.
 * </ol>
 *
 * <p>{@code WakeUpModelTests} explores every order of these steps: with nothing going wrong and with lost connections nothing is
 * forgotten without the poll; with it, nothing is forgotten whatever goes wrong.
 *
 * <p>NOTIFY is never more than a hint. All of this may fail, and delivery still happens within the poll interval. A
 * commit that notifies fails while the server's queue of notifications is full, which one session that listens and sits in
 * a transaction can bring about; so from one half on nobody is woken, and no publisher fails for it.
 *
 * <h2>Under load</h2>
 *
 * <p>A gate that is knocked at too often is opened again, and the consumer polls in short steps until it has found
 * nothing for a while: under load no NOTIFY is sent. Below ten in a tenth of a second the gate stays closed, also while
 * a handler runs, and each publish notifies; at that rate it costs the publishers nothing they would notice.
 *
 * <h2>The connection</h2>
 *
 * <p>It is opened past the pool and used by one thread. An open socket proves nothing: every 15 s the hub sends a
 * notification to a channel that only this connection knows, and gives the connection up if it is not back within 5 s.
 * That is the only NOTIFY of an idle instance; it takes a transaction id, and is not flushed. The same statement asks how
 * full the server's queue of notifications is, and from 10 % on there is a warning, with each doubling another; when the
 * queue is full, heartbeats fail like everybody's notifications, and the connection stays. A read that stops in the
 * middle of a message has no timeout, so another thread cuts the connection off when the hub has not moved for 15 s.
 * The server is asked to look as well, so that the gates of a machine that is gone are free after half a minute.
 * After a loss it is made again with growing, jittered pauses, 100 ms to 10 s, which shrink again only when a
 * notification has come; before that, no gate is closed either.
 *
 * <p>It must be a session of its own. A transaction pooler runs each statement in any session: LISTEN and locks are left
 * there, gates cannot be opened again, and a heartbeat proves nothing if by chance the same session gets it. So before
 * anything else the hub compares the process id that the driver was told with {@code pg_backend_pid()}; poolers make
 * theirs up. If they differ, there is one warning, and the connection is not used: it is as if it were lost, and tried
 * again every minute. The instance then cannot prove that it is alive. A pool of the application may lend the
 * connection; before it goes back there, the hub gives up its LISTENs and locks, or cuts the connection off if that
 * fails.
 *
 * <h2>Channels</h2>
 *
 * <p>A listener is told that it listens after the server has taken its LISTEN, never before. Each has a queue of its own
 * and one task at a time on the executor of the handlers; the hub's thread only puts things into queues.
 *
 * <table>
 *   <caption>When something may be missing</caption>
 *   <tr><td>the connection was lost</td><td>LISTEN for everything again, and then a gap for each listener, behind what
 *   had arrived before</td></tr>
 *   <tr><td>it could not be made at the start</td><td>the start waits up to 10 s, and goes on; a gap as soon as it
 *   listens</td></tr>
 *   <tr><td>a listener is slow</td><td>its oldest waiting notification is dropped, and there is a gap in its place; the
 *   others notice nothing</td></tr>
 *   <tr><td>a listener fails</td><td>it is logged, and the next notification follows; no gap</td></tr>
 *   <tr><td>the executor takes no task</td><td>it is tried again every half second; no gap, unless more comes meanwhile
 *   than may wait</td></tr>
 *   <tr><td>the bus stops</td><td>what waits is dropped, what runs has 5 s and is interrupted then; a gap if the bus is
 *   started again</td></tr>
 * </table>
 *
 * <h2>What is live</h2>
 *
 * <p>The gate {@code $live} is for the end of the live log, which all instances read. Its notifications are passed on by
 * every instance, whether it holds the gate or not. As one instance may have opened it while another sleeps, who finds
 * something unnoticed cries for help, and the others look as well.
 */
@NullMarked
package io.pgevents.channel;

import org.jspecify.annotations.NullMarked;
