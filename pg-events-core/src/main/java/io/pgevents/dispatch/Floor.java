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
 * Where the next claim of a subscription begins, for each priority: the place up to which this instance has claimed, at
 * first where the queue was when it started. Most claims look back from there over the last quarter of a second, in which
 * others may have committed; where that is dear, because the horizon is pinned and the rate is high, not more than a fifth
 * of the time goes into it. A sweep begins at the start instead and finds all that stayed behind; one that has not come to
 * the end is continued. Sweeps take at most a twentieth of the time, except for continuations that lock a full batch: these
 * are how a backlog is drained, and a new sweep interrupts them when it is due. Thread-safe.
 */
final class Floor {

    private static final Map<Priority, Position> START = Collections.unmodifiableMap(everywhere(Position.START));
    private static final long SHORTEST_PAUSE_NANOS = Duration.ofMillis(500).toNanos();
    /** What took long may have waited for a database that was away. */
    private static final long LONGEST_PAUSE_NANOS = Duration.ofSeconds(10).toNanos();

    private static final int SWEEP_DUTY = 20;
    private static final Duration LOOK_BACK = Duration.ofMillis(250);
    private static final int LOOK_BACK_DUTY = 4;

    private final Map<Priority, Position> reached;
    private final Map<Priority, Position> swept = everywhere(Position.START);
    private long nextSweep = System.nanoTime();
    private long nextLookBack = nextSweep;
    private boolean sweepWanted = true;
    private boolean draining;
    private boolean lookBackOwed;
    private boolean unsettled;
    private long retreats;

    /**
     * Nothing has been claimed yet.
     *
     * @param started before everything that will be inserted from now on: what is ready already is found by the first sweep
     */
    Floor(Position started) {
        this.reached = everywhere(started);
    }

    /**
     * Where a claim begins.
     *
     * @param from the place for each priority, the most urgent first
     * @param kind what it looks at
     * @param begunAt for the duty cycle
     * @param retreats tells whether another claim was rolled back meanwhile
     */
    record Scan(Map<Priority, Position> from, Kind kind, long begunAt, long retreats) {

        /** Whether it finds what stayed behind. */
        boolean isSweep() {
            return kind == Kind.SWEEP || kind == Kind.CONTINUATION;
        }

        Beginning beginning() {
            return new Beginning(from, kind == Kind.LOOKING_BACK ? LOOK_BACK : Duration.ZERO);
        }
    }

    /** What a scan looks at besides what is new. */
    enum Kind {
        PLAIN,
        LOOKING_BACK,
        SWEEP,
        /** Goes on with a sweep that has locked a full batch. */
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
            return new Scan(draining ? START : new EnumMap<>(swept), Kind.SWEEP, now, retreats);
        }
        if (draining) {
            return new Scan(new EnumMap<>(swept), Kind.CONTINUATION, now, retreats);
        }
        lookBackOwed = now - nextLookBack < 0;
        return new Scan(new EnumMap<>(reached), lookBackOwed ? Kind.PLAIN : Kind.LOOKING_BACK, now, retreats);
    }

    /**
     * Ends a claim that locked events; a sweep that was full goes on with the next claim, since it is no idle search.
     *
     * @param full whether there may be more, not more urgent than the last of the events
     */
    synchronized void claimed(Scan scan, List<ClaimedEvent> events, boolean full) {
        if (scan.kind() == Kind.SWEEP) {
            swept.putAll(START);
        }
        for (ClaimedEvent event : events) {
            advance(scan, event.metadata().priority(), event.position());
        }
        if (scan.isSweep()) {
            draining = full;
        }
        if (scan.isSweep() && full && scan.retreats() == retreats) {
            passMoreUrgent(events.get(events.size() - 1).metadata().priority());
        }
        ended(scan, full);
    }

    /** Of what is more urgent the sweep has seen all, so it goes on as other claims do, not over all that was consumed. */
    private void passMoreUrgent(Priority last) {
        for (Priority priority : Priority.values()) {
            if (priority.compareTo(last) < 0) {
                swept.merge(priority, reached.getOrDefault(priority, Position.START), Position::max);
            }
        }
    }

    /** Ends a claim that the database did not answer. */
    synchronized void failed(Scan scan) {
        sweepWanted |= scan.kind() == Kind.SWEEP;
    }

    /** Ends a look at a window; a sweep that was full is continued when the next one is wanted or due. */
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
        long now = System.nanoTime();
        long took = now - scan.begunAt();
        if (scan.kind() == Kind.LOOKING_BACK) {
            nextLookBack = now + Math.min(LOOK_BACK_DUTY * took, LONGEST_PAUSE_NANOS);
        } else if (scan.kind() == Kind.SWEEP) {
            nextSweep = now + Math.max(SHORTEST_PAUSE_NANOS, Math.min(SWEEP_DUTY * took, LONGEST_PAUSE_NANOS));
        }
        if (scan.isSweep() && full) {
            unsettled = true;
        } else if (scan.isSweep()) {
            swept.putAll(START);
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

    /** How long it is until the look back or the sweep that has to follow; null if none has to. */
    synchronized @Nullable Duration untilNextLook() {
        if (!unsettled && !lookBackOwed) {
            return null;
        }
        long next = lookBackOwed ? nextLookBack : nextSweep;
        return Duration.ofNanos(Math.max(0, next - System.nanoTime()));
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
