/**
 * Publishing: an event is checked, written as JSON, and inserted in the caller's transaction by one statement, which
 * also routes it. After the commit the consumers of this process are woken without a round trip; those of other
 * processes are woken by the INSERT itself, or by the trigger of the table where it is a foreign one.
 *
 * <p>Everything that can be wrong with an event is found before the statement runs, because an error of the server
 * would abort the caller's transaction.
 */
@NullMarked
package io.pgevents.publish;

import org.jspecify.annotations.NullMarked;
