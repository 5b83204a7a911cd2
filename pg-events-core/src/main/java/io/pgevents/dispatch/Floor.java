package io.pgevents.dispatch;

import io.pgevents.Priority;
import io.pgevents.queue.ClaimedEvent;
import io.pgevents.queue.ClaimedEvent.Position;
import io.pgevents.queue.Claims.WindowEntry;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Where the next claim of a subscription begins, for each priority: the place up to which this instance has claimed. A sweep
 * begins at the start instead and finds what stayed behind; sweeps take at most a twentieth of the time. Thread-safe.
 */
final class Floor {

    private static final Map<Priority, Position> START = start();
    private static final long SHORTEST_PAUSE_NANOS = Duration.ofMillis(500).toNanos();
    private static final int DUTY = 20;

    private final Map<Priority, Position> reached = new EnumMap<>(START);
    private final Map<Priority, Position> swept = new EnumMap<>(START);
    private long nextSweep = System.nanoTime();
    private boolean sweepWanted = true;

    /**
     * Where a claim begins.
     *
     * @param from the place for each priority
     * @param isSweep whether it begins at the start
     * @param begunAt for the duty cycle
     */
    record Scan(Map<Priority, Position> from, boolean isSweep, long begunAt) {}

    private static Map<Priority, Position> start() {
        Map<Priority, Position> start = new EnumMap<>(Priority.class);
        for (Priority priority : Priority.values()) {
            start.put(priority, Position.START);
        }
        return Collections.unmodifiableMap(start);
    }

    /** Begins a claim: a sweep, if one is wanted or due. */
    synchronized Scan begin() {
        long now = System.nanoTime();
        boolean sweep = sweepWanted || now - nextSweep >= 0;
        if (sweep) {
            sweepWanted = false;
            nextSweep = now + SHORTEST_PAUSE_NANOS;
        }
        return new Scan(new EnumMap<>(sweep ? swept : reached), sweep, now);
    }

    /** Ends a claim that locked events. */
    synchronized void claimed(Scan scan, List<ClaimedEvent> events) {
        for (ClaimedEvent event : events) {
            reached.merge(event.metadata().priority(), event.position(), Position::max);
        }
        rate(scan);
    }

    /** Ends a look at a window; a sweep that has not come to its end is continued by the next one. */
    synchronized void looked(Scan scan, List<WindowEntry> entries, boolean full) {
        for (WindowEntry entry : entries) {
            reached.merge(entry.priority(), entry.position(), Position::max);
            if (scan.isSweep()) {
                swept.merge(entry.priority(), entry.position(), Position::max);
            }
        }
        if (scan.isSweep() && !full) {
            swept.putAll(START);
        }
        rate(scan);
    }

    private void rate(Scan scan) {
        if (scan.isSweep()) {
            long took = System.nanoTime() - scan.begunAt();
            nextSweep = System.nanoTime() + Math.max(SHORTEST_PAUSE_NANOS, DUTY * took);
        }
    }

    /** Events that were claimed are free again: the next claim begins before them. */
    synchronized void retreat(List<ClaimedEvent> events) {
        for (ClaimedEvent event : events) {
            reached.merge(event.metadata().priority(), event.position().justBefore(), Position::min);
        }
    }

    /** Something may have stayed behind: the next claim is a sweep. */
    synchronized void wantSweep() {
        sweepWanted = true;
    }

    /** Where a look from outside begins. */
    synchronized Map<Priority, Position> reached() {
        return new EnumMap<>(reached);
    }

    /** The start, for each priority. */
    static Map<Priority, Position> beginning() {
        return START;
    }
}
