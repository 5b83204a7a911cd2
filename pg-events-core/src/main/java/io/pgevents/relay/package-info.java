/**
 * Relay: fans live events out to browsers, whatever carries them (server-sent events, WebSocket).
 *
 * <pre>
 * tail's thread: LiveFeed -> Trunk (one for each set of topics) -> filters -> Outbox of each client
 * relay's own threads, or the web server's: Outbox -> Connection, as much as it takes without blocking
 * </pre>
 *
 * <p><b>The tail's thread never meets a client.</b> It filters, writes the frame once for all clients, and puts it into
 * their outboxes. A connection that had emptied its outbox is told, once, on a thread of the relay, that there is
 * something again; one that has not gets no thread at all until a heartbeat has it look again. So a client that never
 * reads costs its queue and a look now and then, and no connection is forgotten for longer than that.
 *
 * <p><b>Bounded.</b> An outbox has a most number of frames and of bytes; all outboxes together have a most number of
 * bytes, and when clients are many each may use its share only. Snapshots are counted as well, and who brings one that
 * does not fit is refused. What is replayed to a client that comes back waits before there is a connection to take it: it
 * is bounded by the replay limit of the log and by the client's share, not by the queue of its stream. What happens when
 * an outbox is full is the {@linkplain io.pgevents.relay.RelayStream.Overflow policy} of the stream, and whatever is
 * thrown away is told to the client by a gap, in the place where it is missing: in front of what waits if that is where
 * the oldest were, behind it if the log has lost something. Beyond the most number of clients nobody is let in.
 *
 * <p><b>Resume.</b> Each frame names its event's cursor. Who comes back with one gets a registration of its own at the
 * feed, which replays, and joins the trunk beside it; the {@code Crossing} changes over from one to the other at an
 * event that has come by both, or a place that both have reached, so nothing is missing and nothing comes twice. Until
 * then the client hears all keys of the trunk, so that the next event ends it, whatever key that has. Who comes back
 * with a cursor that is too old gets a gap, with a newer cursor.
 *
 * <p><b>Without a hole.</b> The opening frame has a cursor that was taken before the client was registered, and a
 * snapshot is read after it. Idle clients get newer cursors with their heartbeats, once all events up to them were
 * offered and sent, so that theirs do not grow too old.
 *
 * <p><b>No lock is held while the database is read.</b> A client joins its trunk first, and then the trunk is opened, by
 * one of those who wait for it; who leaves meanwhile does not wait. A client that was closed while it was let in is
 * freed by whoever lets it in.
 *
 * <p><b>Closed.</b> Predicates, views and authorizers that throw hide the event.
 *
 * <h2>What dies when</h2>
 *
 * <ul>
 *   <li>A client: the write fails, at the next heartbeat at the latest, and everything of it is freed.
 *   <li>A client that is there and does not read: after the write timeout it is cut off; it may come back and resume.
 *   <li>The database: the feed goes on from its cursor, so clients only wait. Those who come meanwhile are refused, for
 *       now.
 *   <li>This instance: clients reconnect, to another one, with their last cursor. A stop tells them first.
 * </ul>
 */
@NullMarked
package io.pgevents.relay;

import org.jspecify.annotations.NullMarked;
