package io.pgevents;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * The state of an event, as in the column {@code status}.
 *
 * <pre>
 *             claim (leased)              finish
 *  PENDING ------------------> PROCESSING ------> DONE
 *   ^ ^ |                        |    |
 *   | | |    retry, lease over   |    | attempts used up
 *   | | +----<-------------------+    v
 *   | |                             FAILED
 *   | +---------- replay ------------+
 *   +--- replay --- DONE
 * </pre>
 *
 * <p>In transactional mode an event goes from {@code PENDING} to {@code DONE} or {@code FAILED} directly: it is in
 * process while its row is locked. The triggers of the table know the same states, and a test compares them.
 */
public enum EventStatus {
    /** Waits for its due time, for a consumer or for its next attempt. */
    PENDING,
    /** Claimed under a lease. */
    PROCESSING,
    /** Handled; kept for the retention time. */
    DONE,
    /** A dead letter: its attempts are used up, or it cannot be handled at all. */
    FAILED;

    /** The states that may follow this one. */
    public Set<EventStatus> successors() {
        return switch (this) {
            case PENDING -> EnumSet.of(PROCESSING, DONE, FAILED);
            case PROCESSING -> EnumSet.of(PENDING, DONE, FAILED);
            case DONE, FAILED -> EnumSet.of(PENDING);
        };
    }

    /** Whether the event is over, unless somebody replays it. */
    public boolean isFinal() {
        return this == DONE || this == FAILED;
    }

    /** The text in the column {@code status}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
