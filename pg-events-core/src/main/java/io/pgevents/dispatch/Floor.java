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
import org.jspecify.annotations.Nullable;

/**
 * Where the next claim of a subscription begins, for each priority: the place up to which this instance has claimed. A
 * sweep begins at the start instead and finds what stayed behind; one that has not come to the end is continued by the
 * next. Sweeps take at most a twentieth of the time. Thread-safe.
 */
final class Floor {

    private static final Map<Priority, Position> START = start();
    private static final long SHORTEST_PAUSE_NANOS = Duration.ofMillis(500).toNanos();
    private static final int DUTY = 20;

    private final Map<Priority, Position> reached = new EnumMap<>(START);
    private final Map<Priority, Position> swept = new EnumMap<>(START);
    private long nextSweep = System.nanoTime();
    private boolean sweepWanted = true;
    private boolean unsettled;
    private long retreats;

    /**
     * Where a claim begins.
     *
     * @param from the place for each priority
     * @param isSweep whether it begins at the start
     * @param begunAt for the duty cycle
     * @param retreats tells whether another claim was rolled back meanwhile
     */
    record Scan(Map<Priority, Position> from, boolean isSweep, long begunAt, long retreats) {}

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
            unsettled = false;
            nextSweep = now + SHORTEST_PAUSE_NANOS;
        }
        return new Scan(new EnumMap<>(sweep ? swept : reached), sweep, now, retreats);
    }

    /**
     * Ends a claim that locked events; a sweep that was full goes on with the next claim, since it is no idle search.
     */
    synchronized void claimed(Scan scan, List<ClaimedEvent> events, boolean full) {
        for (ClaimedEvent event : events) {
            advance(scan, event.metadata().priority(), event.position());
        }
        if (scan.isSweep()) {
            sweepWanted |= full;
        }
        ended(scan, full);
    }

    /** Ends a claim that the database did not answer. */
    synchronized void failed(Scan scan) {
        sweepWanted |= scan.isSweep();
    }

    /** Ends a look at a window. */
    synchronized void looked(Scan scan, List<WindowEntry> entries, boolean full) {
        for (WindowEntry entry : entries) {
            advance(scan, entry.priority(), entry.position());
        }
        ended(scan, full);
    }

    private void advance(Scan scan, Priority priority, Position position) {
        // A claim that was rolled back while this one ran has put the floor back, perhaps below what this one began
        // from.
        if (scan.retreats() != retreats) {
            return;
        }
        if (scan.isSweep()) {
            swept.merge(priority, position, Position::max);
        }
        reached.merge(priority, position, Position::max);
    }

    private void ended(Scan scan, boolean full) {
        if (scan.isSweep()) {
            if (full) {
                unsettled = true;
            } else {
                swept.putAll(START);
            }
            long took = System.nanoTime() - scan.begunAt();
            nextSweep = System.nanoTime() + Math.max(SHORTEST_PAUSE_NANOS, DUTY * took);
        }
    }

    /** Events that were claimed are free again: the next claim begins before them, also if it continues a sweep. */
    synchronized void retreat(List<ClaimedEvent> events) {
        for (ClaimedEvent event : events) {
            Priority priority = event.metadata().priority();
            Position before = event.position().justBefore();
            reached.merge(priority, before, Position::min);
            swept.merge(priority, before, Position::min);
            retreats++;
        }
    }

    /** Something may have stayed behind: the next claim is a sweep. */
    synchronized void wantSweep() {
        sweepWanted = true;
    }

    /** Something was committed, perhaps behind the floor: a sweep has to follow before all is quiet. */
    synchronized void unsettle() {
        unsettled = true;
    }

    /** How long it is until the sweep that has to follow; null if none has to. */
    synchronized @Nullable Duration untilSweep() {
        return unsettled ? Duration.ofNanos(Math.max(0, nextSweep - System.nanoTime())) : null;
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
