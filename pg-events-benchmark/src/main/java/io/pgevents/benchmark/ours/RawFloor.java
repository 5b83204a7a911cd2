package io.pgevents.benchmark.ours;

import java.time.Duration;
import java.time.OffsetDateTime;

/** Where the next claim of the raw loop begins: after the last one, and now and then at the start. Thread-safe. */
final class RawFloor {

    private static final Position START = new Position(OffsetDateTime.MIN, 0);
    private static final long SWEEP_NANOS = Duration.ofMillis(500).toNanos();

    private Position reached = START;
    private long nextSweep = System.nanoTime() + SWEEP_NANOS;

    /** A place in the order of the claim. */
    record Position(OffsetDateTime processAt, long id) {

        boolean isAfter(Position other) {
            int order = processAt.compareTo(other.processAt);
            return order > 0 || (order == 0 && id > other.id);
        }
    }

    synchronized Position next() {
        long now = System.nanoTime();
        if (now - nextSweep >= 0) {
            nextSweep = now + SWEEP_NANOS;
            return START;
        }
        return reached;
    }

    synchronized void claimed(Position last) {
        if (last.isAfter(reached)) {
            reached = last;
        }
    }
}
