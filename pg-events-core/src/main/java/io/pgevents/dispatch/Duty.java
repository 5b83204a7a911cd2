package io.pgevents.dispatch;

import java.time.Duration;

/**
 * Keeps what may be dear to a share of the time: after it took a while, it is due again only after a multiple of that while.
 * What took very long may have waited for a database that was away, so no pause is longer than ten seconds. Thread-safe.
 */
final class Duty {

    private static final long LONGEST_PAUSE_NANOS = Duration.ofSeconds(10).toNanos();

    private final int times;
    private final long cheapNanos;
    private long nextAt = System.nanoTime();

    /**
     * Due at once.
     *
     * @param times how many times as long as it took the pause is
     * @param cheap what takes no longer than this is always due
     */
    Duty(int times, Duration cheap) {
        this.times = times;
        this.cheapNanos = cheap.toNanos();
    }

    /** Whether it may be done now. */
    synchronized boolean isDue() {
        return System.nanoTime() - nextAt >= 0;
    }

    /** How long it is until it may be done. */
    synchronized Duration untilDue() {
        return Duration.ofNanos(Math.max(0, nextAt - System.nanoTime()));
    }

    /** It was done, perhaps by several at a time: then their pauses add up. */
    synchronized void took(Duration time) {
        long nanos = time.toNanos();
        if (nanos > cheapNanos) {
            long now = System.nanoTime();
            long pause = Math.max(0, nextAt - now) + times * nanos;
            nextAt = now + Math.min(pause, LONGEST_PAUSE_NANOS);
        }
    }
}
