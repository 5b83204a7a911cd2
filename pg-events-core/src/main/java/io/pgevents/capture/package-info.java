/**
 * Row changes: what is done to the rows of a table, by whomever, is published as events.
 *
 * <p><b>Capture.</b> A declared table gets one AFTER trigger for each operation. The trigger calls
 * {@code event_capture_change()}, which writes the old and the new row as JSON into {@code event_queue}, in the
 * transaction that makes the change: one row for each subscription that has the topic <em>now</em>, and none at all if
 * nobody has it. So a trigger that was left behind costs some microseconds and never fills the queue. The topic is
 * {@code change.<schema>.<table>}; the changes that pass a filter have a topic of their own, with the filter's id as a
 * further word. The ordering key is the primary key, after an update the new one; {@code TRUNCATE} has none, and is
 * ordered with nothing. The function belongs to the owner of the tables of pg-events, has a pinned search path and pinned
 * formats: neither rights nor settings of the writer matter. Who may execute it can make triggers, and partitions of a
 * captured table, to which PostgreSQL copies the triggers in the name of whoever makes them.
 *
 * <p><b>Live.</b> A topic that somebody follows live is routed to {@code $live} as well, and such a row goes to the live
 * log. So one trigger serves durable subscriptions, broadcasts and browsers alike.
 *
 * <p><b>The business transaction goes first.</b> A row that cannot be captured does not fail it: of an update whose two
 * rows together are longer than 1 MB the old row is left out; a row that is longer, or cannot be written as JSON,
 * makes an event that says so, under its key, which is written by itself then. Its handler is not called; it is a dead
 * letter, which names the table and the key. What does fail the transaction is what would fail any publishing, a queue
 * that cannot be written; and an error in the condition of a filter, which is evaluated before any code of ours, with the
 * rights and the search path of the writer.
 *
 * <p><b>Who is authoritative.</b> The declarations of running applications, which {@code event_capture} collects.
 * A start refreshes the rows of its declarations first, then compares the triggers in the catalogue with what they have
 * to be, and installs the missing ones, the triggers of a table in one short transaction: it waits for the table's
 * lock for a quarter of a second, because writers queue up behind it, lets go, and tries again. Now and then, and only
 * if it sees an autovacuum of the table, it waits until the server ends that, which it does after
 * {@code deadlock_timeout}; one that is to prevent wraparound it does not end. What is as it has to be takes no lock.
 * Only then the subscriptions are registered, so the new triggers write already when a subscription moves from an old
 * filter's topic to a new one's: both triggers fire, and the routes decide, so nothing is lost. The id of a filter is a
 * hash of what it says; a capture never changes its meaning, and versions of an application that run side by side have
 * their triggers side by side. Their subscription has the topics of both meanwhile: a change that both filters take
 * comes twice.
 *
 * <p><b>Removal.</b> Declarations are refreshed every hour. A capture that nobody has refreshed for a day, and
 * whose topic no durable subscription has, is deleted together with its triggers, in one transaction; who declares it
 * meanwhile waits for that and then installs them anew. What a subscription has stays, however long its application is
 * down, because its changes are to be there when it comes back.
 * Triggers that are not of a capture in the table are never touched, nor tables that were not declared.
 *
 * <p><b>While running</b> each instance looks at its tables every minute. One that was dropped and created anew, or has
 * lost its triggers, gets them again. Whoever asked is told that there was a gap, on each instance and in each mode: an
 * instance remembers the object ids and row versions of its triggers, so it notices that another one has installed them
 * again, or that they were switched off and on. Whoever fails to hear of the gap is told again the next time. A dropped
 * table is only warned of. Triggers stay with a table that is renamed, and say its old name; as soon as another table
 * has that name, they are dropped, or warned of if triggers are only verified. {@code ALTER TABLE} is followed by the
 * JSON itself; a column that a filter names can neither be dropped nor get another type, PostgreSQL refuses that. The new
 * columns of a changed primary key are used from the next start on.
 *
 * <p><b>Another source</b>, which reads the server's log, has its place in {@link io.pgevents.capture.RowChange}: the
 * same values and topics, but it may lack old rows, and values that have not changed.
 */
@NullMarked
package io.pgevents.capture;

import org.jspecify.annotations.NullMarked;
