package io.pgevents.dispatch;

import io.pgevents.queue.ClaimedEvent;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Which events may have killed a process or their connection, and that no two of those that were there before are
 * handled at the same time: if one kills this process too, the other must not be blamed. Thread-safe.
 */
final class Caution {

    private static final int MOST_LOST = 10_000;

    private final long lastSuspect;
    private final Set<Long> lost = ConcurrentHashMap.newKeySet();
    private final ReentrantLock alone = new ReentrantLock();

    /**
     * Caution with the events up to one.
     *
     * @param lastSuspect the newest row that may have been in process during a crash; -1 if there was none
     */
    Caution(long lastSuspect) {
        this.lastSuspect = lastSuspect;
    }

    boolean isSuspect(ClaimedEvent event) {
        return event.id() <= lastSuspect || lost.contains(event.id());
    }

    /** The connection was lost while events were handled, perhaps because of one of them. */
    void connectionLost(List<ClaimedEvent> events) {
        if (lost.size() > MOST_LOST) {
            // Others have handled them since.
            lost.clear();
        }
        events.forEach(event -> lost.add(event.id()));
    }

    /** The end of an attempt of events is committed. */
    void ended(List<ClaimedEvent> events) {
        if (!lost.isEmpty()) {
            events.forEach(event -> lost.remove(event.id()));
        }
    }

    /**
     * Which of some events may be counted together now: the first ones; or the very first alone, if no other worker handles one
     * alone, which must not be waited for with rows locked. Then only those have to wait that are to be handled alone.
     */
    List<ClaimedEvent> enter(List<ClaimedEvent> events, boolean ordered) {
        List<ClaimedEvent> together = together(events);
        return isAlone(together.get(0)) && !alone.tryLock() ? besides(events, ordered) : together;
    }

    /** Ends what {@link #enter} began, if this thread began it. */
    void leave() {
        if (alone.isHeldByCurrentThread()) {
            alone.unlock();
        }
    }

    /** The first events that may be counted together: one that may be at its last attempt is handled alone. */
    static List<ClaimedEvent> together(List<ClaimedEvent> events) {
        List<ClaimedEvent> fresh = new ArrayList<>();
        for (ClaimedEvent event : events) {
            if (isAlone(event)) {
                break;
            }
            fresh.add(event);
        }
        return fresh.isEmpty() ? events.subList(0, 1) : fresh;
    }

    /** What need not wait until an event that is handled alone is over: no such event, and with order nothing after one. */
    static List<ClaimedEvent> besides(List<ClaimedEvent> events, boolean ordered) {
        List<ClaimedEvent> fresh = new ArrayList<>();
        Set<String> waiting = new HashSet<>();
        for (ClaimedEvent event : events) {
            String key = OrderedClaimer.key(event);
            if (isAlone(event) || (ordered && waiting.contains(key))) {
                waiting.add(key);
            } else {
                fresh.add(event);
            }
        }
        return fresh;
    }

    private static boolean isAlone(ClaimedEvent event) {
        return event.attemptCount() > 0 || event.metadata().maxAttempts() <= 2;
    }
}
