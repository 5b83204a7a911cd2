package io.pgevents.dispatch;

import java.time.Duration;

/**
 * How many events the next pass takes: as many as are handled in about a fifth of a second, and for a while only one
 * after a failure among several. Thread-safe.
 */
final class BatchLimit {

    private static final double TARGET_NANOS = Duration.ofMillis(200).toNanos();

    private final int most;
    private int size;
    private int alone;

    BatchLimit(int most) {
        this.most = most;
        this.size = Math.min(8, most);
    }

    synchronized int next() {
        if (alone > 0) {
            alone--;
            return 1;
        }
        return size;
    }

    /** A pass has handled events in a time. */
    synchronized void handled(int events, long nanos) {
        if (events == 0) {
            return;
        }
        double fitting = TARGET_NANOS / Math.max(1.0, (double) nanos / events);
        int grown = events >= size ? size * 2 : size;
        size = (int) Math.max(1, Math.min(Math.min(grown, most), fitting));
    }

    /** One of several events has failed: each is taken alone. */
    synchronized void careful(int events) {
        alone = Math.max(alone, events);
        size = Math.max(1, size / 2);
    }
}
