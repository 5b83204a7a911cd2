package io.pgevents.dispatch;

import io.pgevents.Priority;
import io.pgevents.queue.ClaimedEvent;
import io.pgevents.queue.ClaimedEvent.Position;
import io.pgevents.queue.Claims.Beginning;
import io.pgevents.queue.Claims.WindowEntry;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the next claim of a subscription begins, for each priority: the place up to which this instance has claimed. Most
 * claims look back from there over the last quarter of a second, in which others may have committed; where that is dear,
 * because the horizon is pinned and the rate is high, not more than a fifth of the time goes into it.
 *
 * <p>A sweep begins at the start instead and finds all that stayed behind; one that has not come to the end is continued.
 * Sweeps take at most a twentieth of the time, except for continuations that lock a full batch: these are how a backlog is
 * drained, and a new sweep interrupts them when it is due.
 *
 * <p>Where a sweep has found no more, no claim has to look at what was consumed before this instance started. Thread-safe.
 */
final class Floor {

    private static final Map<Priority, Position> START = Collections.unmodifiableMap(everywhere(Position.START));
    private static final long SHORTEST_PAUSE_NANOS = Duration.ofMillis(500).toNanos();
    /** What took long may have waited for a database that was away. */
    private static final long LONGEST_PAUSE_NANOS = Duration.ofSeconds(10).toNanos();

    private static final int SWEEP_DUTY = 20;
    private static final Duration LOOK_BACK = Duration.ofMillis(250);
    private static final int LOOK_BACK_DUTY = 4;

    private final Position started;
    private final Map<Priority, Position> reached;
    private final Duty lookBack = new Duty(LOOK_BACK_DUTY, Duration.ZERO);
    private final Map<Priority, Position> swept = everywhere(Position.START);
    private long nextSweep = System.nanoTime();
    private boolean sweepWanted = true;
    private boolean draining;
    private boolean lookBackOwed;
    private boolean unsettled;
    private long setbacks;

    private Floor(Position started, Position first) {
        this.started = started;
        this.reached = everywhere(first);
    }

    /**
     * The floor of batches, before the first. A sweep that is full is continued at once; so no other claim has to look at what
     * waits already.
     *
     * @param started before everything that will be inserted from now on
     */
    static Floor ofBatches(Position started) {
        return new Floor(started, started);
    }

    /**
     * The floor of windows, before the first. They have to lead through what waits already.
     *
     * @param started before everything that will be inserted from now on
     */
    static Floor ofWindows(Position started) {
        return new Floor(started, Position.START);
    }

    /**
     * Where a claim begins.
     *
     * @param from the place for each priority, the most urgent first
     * @param kind what it looks at
     * @param begunAt for the duty cycle
     * @param setbacks tells whether the places were put back meanwhile
     */
    record Scan(Map<Priority, Position> from, Kind kind, long begunAt, long setbacks) {

        /** Whether it finds what stayed behind. */
        boolean isSweep() {
            return kind == Kind.SWEEP || kind == Kind.CONTINUATION;
        }

        Beginning beginning() {
            return new Beginning(from, kind == Kind.LOOKING_BACK ? LOOK_BACK : Duration.ZERO);
        }
    }

    /** What a scan looks at. */
    enum Kind {
        /** What this instance has not claimed yet. */
        PLAIN,
        /** That, and the last quarter of a second. */
        LOOKING_BACK,
        /** Everything. */
        SWEEP,
        /** What a sweep that has locked a full batch has left. */
        CONTINUATION
    }

    private static Map<Priority, Position> everywhere(Position position) {
        Map<Priority, Position> places = new EnumMap<>(Priority.class);
        for (Priority priority : Priority.values()) {
            places.put(priority, position);
        }
        return places;
    }

    /** Begins a claim: a sweep, if one is wanted or due. */
    synchronized Scan begin() {
        long now = System.nanoTime();
        if (sweepWanted || now - nextSweep >= 0) {
            sweepWanted = false;
            unsettled = false;
            // While it is under way no other is due.
            nextSweep = now + LONGEST_PAUSE_NANOS;
            return new Scan(draining ? START : new EnumMap<>(swept), Kind.SWEEP, now, setbacks);
        }
        if (draining) {
            // Under a pinned horizon it would be dear to look back with every full batch; a sweep is due soon enough.
            return new Scan(new EnumMap<>(swept), Kind.CONTINUATION, now, setbacks);
        }
        lookBackOwed = !lookBack.isDue();
        return new Scan(new EnumMap<>(reached), lookBackOwed ? Kind.PLAIN : Kind.LOOKING_BACK, now, setbacks);
    }

    /**
     * Ends a claim that locked events; a sweep that was full goes on with the next claim, since it is no idle search.
     *
     * @param full whether there may be more, not more urgent than the last of the events
     */
    synchronized void claimed(Scan scan, List<ClaimedEvent> events, boolean full) {
        boolean late = isLate(scan);
        if (scan.kind() == Kind.SWEEP) {
            swept.putAll(START);
            // Those that have gone on with the last one meanwhile do not count.
            setbacks++;
        }
        if (!late) {
            events.forEach(event -> advance(scan, event.metadata().priority(), event.position()));
        }
        if (scan.kind() == Kind.SWEEP || (scan.kind() == Kind.CONTINUATION && !late)) {
            draining = full;
        }
        Priority last = events.isEmpty()
                ? Priority.HIGH
                : events.get(events.size() - 1).metadata().priority();
        ended(scan, full, last, late);
    }

    /**
     * Ends a claim that the database did not answer. A sweep waits for its turn again, since it may be what takes longer than
     * the server allows: the claims between do not look so far.
     */
    synchronized void failed(Scan scan) {
        long took = System.nanoTime() - scan.begunAt();
        if (scan.isSweep()) {
            pause(took);
            if (took > SHORTEST_PAUSE_NANOS) {
                // What waited before the start is left to sweeps, so that windows do not look as far.
                reached.replaceAll((priority, place) -> Position.max(place, started));
            }
            unsettled = true;
            draining = false;
            swept.putAll(START);
            setbacks++;
        }
    }

    private void pause(long took) {
        long pause = Math.max(SHORTEST_PAUSE_NANOS, Math.min(SWEEP_DUTY * took, LONGEST_PAUSE_NANOS));
        nextSweep = System.nanoTime() + pause;
    }

    /** Ends a look at a window; a sweep that was full is continued when the next one is wanted or due. */
    synchronized void looked(Scan scan, List<WindowEntry> entries, boolean full) {
        boolean late = isLate(scan);
        if (!late) {
            entries.forEach(entry -> advance(scan, entry.priority(), entry.position()));
        }
        Priority last = entries.isEmpty()
                ? Priority.HIGH
                : entries.get(entries.size() - 1).priority();
        ended(scan, full, last, late);
    }

    /** Whether the places were put back while a scan ran, perhaps below where it began: it moves none. */
    private boolean isLate(Scan scan) {
        return scan.setbacks() != setbacks;
    }

    private void advance(Scan scan, Priority priority, Position position) {
        if (scan.isSweep()) {
            swept.merge(priority, position, Position::max);
        }
        reached.merge(priority, position, Position::max);
    }

    private void ended(Scan scan, boolean full, Priority last, boolean late) {
        long took = System.nanoTime() - scan.begunAt();
        if (scan.kind() == Kind.SWEEP) {
            pause(took);
        } else if (scan.kind() == Kind.LOOKING_BACK) {
            lookBack.took(Duration.ofNanos(took));
        }
        if (scan.isSweep() && full) {
            unsettled = true;
        }
        if (scan.isSweep() && !late) {
            passed(full, last);
        }
        if (!full && (scan.kind() == Kind.SWEEP || (scan.kind() == Kind.CONTINUATION && !late))) {
            swept.putAll(START);
        }
    }

    /** Of all priorities, or of those more urgent than the last event, a sweep has seen everything that was ready. */
    private void passed(boolean full, Priority last) {
        for (Priority priority : Priority.values()) {
            if (!full || priority.compareTo(last) < 0) {
                reached.merge(priority, started, Position::max);
            }
            if (draining && priority.compareTo(last) < 0) {
                // It goes on as other claims do, not with every batch over all that was consumed.
                swept.put(priority, reached.getOrDefault(priority, started));
            }
        }
    }

    /** Events that were claimed are free again: the next claim begins before them, also if it continues a sweep. */
    synchronized void retreat(List<ClaimedEvent> events) {
        for (ClaimedEvent event : events) {
            Priority priority = event.metadata().priority();
            Position before = event.position().justBefore();
            reached.merge(priority, before, Position::min);
            swept.merge(priority, before, Position::min);
            setbacks++;
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

    /** How long it is until the look back or the sweep that has to follow; null if none has to. */
    synchronized @Nullable Duration untilNextLook() {
        if (!unsettled && !lookBackOwed) {
            return null;
        }
        return lookBackOwed ? lookBack.untilDue() : Duration.ofNanos(Math.max(0, nextSweep - System.nanoTime()));
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
