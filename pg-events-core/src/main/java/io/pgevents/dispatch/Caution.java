package io.pgevents.dispatch;

import io.pgevents.queue.ClaimedEvent;
import java.util.ArrayList;
import java.util.List;

/**
 * Which events may have killed a process. Immutable.
 *
 * @param lastSuspect the newest row that may have been in process during a crash; -1 if there was none
 */
record Caution(long lastSuspect) {

    /** Nothing has crashed. */
    static final Caution NONE = new Caution(-1);

    boolean isSuspect(ClaimedEvent event) {
        return event.id() <= lastSuspect;
    }

    /** The first events that may be counted together: one that has failed before is handled alone. */
    static List<ClaimedEvent> together(List<ClaimedEvent> events) {
        List<ClaimedEvent> fresh = new ArrayList<>();
        for (ClaimedEvent event : events) {
            if (event.attemptCount() > 0) {
                break;
            }
            fresh.add(event);
        }
        return fresh.isEmpty() ? events.subList(0, 1) : fresh;
    }
}
