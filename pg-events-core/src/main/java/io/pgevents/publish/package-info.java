/**
 * Publishing: an event is checked, written as JSON, and inserted in the caller's transaction by one statement, which
 * also routes it. After the commit the consumers of this process are woken without a round trip; those of other
 * processes are woken by the INSERT itself, or by the trigger of the table where it is a foreign one.
 *
 * <p>Everything that can be wrong with an event is found before the statement runs, because an error of the server
 * would abort the caller's transaction.
 *
 * <p>A callback that is told of the end of a transaction publishes on the connection of that one, which nobody commits again.
 * So what it writes is committed here: at once when the callbacks for the commit have been called, otherwise after them; and
 * then it is told.
 *
 * <p>A broadcast goes another way: it waits in the process for the commit, and is then appended to the live log by a thread
 * that writes what many transactions have left in one statement, without waiting for the disk. So the transaction pays
 * nothing, and nobody's commit is held up by another. When more wait than the buffer takes, publishers write the oldest
 * batches themselves, on their own connections, before they add theirs. A batch whose connection is lost may have been
 * committed: when it is tried again, only what is not in the log is written.
 */
@NullMarked
package io.pgevents.publish;

import org.jspecify.annotations.NullMarked;
