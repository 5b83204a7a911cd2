/**
 * The queue in the table: positions, claims and their ends, each a named statement.
 *
 * <p><b>Who is authoritative.</b> The row. A claim in transactional mode is the row lock of the claiming transaction;
 * in leased mode it is the pair of {@code locked_by} and {@code locked_until}. {@code locked_by} is unique for each
 * claim, so it is the fencing token as well: whatever ends a claim names it, and changes nothing if the row has another
 * one.
 *
 * <p><b>Claims scan from a position on</b> ({@code (process_at, id)}, for each priority), the place where the last
 * claim of this instance ended. Everything before it has been claimed, or was locked by another, or waits for its key.
 * Without the position a claim would walk over all dead index entries from the head, which vacuum cannot remove while
 * any transaction holds an old snapshot. Transactions that run side by side commit in any order, so most claims
 * <em>look back</em> from there over a quarter of a second. A <em>sweep</em>, a claim without the position, finds what
 * stayed behind nevertheless: commits that came late, rows whose claim was rolled back. Looking back and sweeps take a
 * bounded share of the time each; whoever has not looked back looks once more before it rests. An instance that
 * starts has claimed nothing: its first sweep finds what waits, and after that no claim walks over what others have consumed
 * before. While a backlog is drained, sweeps begin at the start as well when they are due; those of ordered subscriptions go
 * on where the last one has ended, until they have been through.
 *
 * <p><b>Order per key.</b> A claim first looks at a window of ready events without locking them, to learn which keys
 * have work. It then takes the keys, each under an advisory lock of the claiming transaction, and reads the first
 * unfinished events of each key through an index of their own. It reads them before it locks them: where one is just
 * being changed by somebody else, a failure being recorded or a lease renewed, the run ends there and the key counts as
 * busy, because to skip that event would be to overtake it. Since the lock is taken before the rows are read, and a
 * locked row is read in its newest version, no two transactions handle one key at a time. A key whose lock another has
 * is kept in mind and looked at again soon. A hundred thousand waiting events of one key are passed by the window once;
 * after that only sweeps walk them again, some thousand at a time.
 *
 * <p>A claim takes one event each of many keys, so that a long backlog of a few holds up nobody. A key of which it could
 * have taken more is <em>behind</em>: its runs double as long as they are full, and every other claim goes to the keys
 * that are behind, the one furthest behind first. So a hot key, whose events can only be handled one after the other, is
 * always at work. It goes on after the last row that was over when this instance held it, unless a window shows an event
 * of the key that stands before, or the key was found with another consumer.
 *
 * <p>All other keys are looked at from their start: another consumer may have had them, and an event that came late, or was
 * delayed, and has failed there holds the key up. That is cheap, but for a long snapshot, which keeps all consumed rows of
 * the key in the index. Where it takes the server more than five milliseconds, a fifth of the time is spent on it; in the
 * rest these keys go on where this instance was, too.
 *
 * <p>Under a lease the key is free again after the claim. There the row in process stands for the key, and a claim asks
 * for such rows once it has the keys, in a statement of its own.
 */
@NullMarked
package io.pgevents.queue;

import org.jspecify.annotations.NullMarked;
