package io.pgevents.channel;

import java.time.Duration;

/**
 * Whether a consumer is so busy that it polls in short steps instead of being notified: hot after more than ten
 * notifications in a tenth of a second, cool again after a fifth of a second without an event. Thread-safe.
 */
public final class Heat {

    private static final long WINDOW_NANOS = Duration.ofMillis(100).toNanos();
    private static final long COOL_NANOS = Duration.ofMillis(200).toNanos();
    private static final int KNOCKS = 10;

    private long windowBegun = System.nanoTime();
    private int knocks;
    private boolean hot;
    private long lastWork;

    /** A notification has come; true if there are so many that no more are wanted. */
    public synchronized boolean knocked() {
        long now = System.nanoTime();
        if (now - windowBegun > WINDOW_NANOS) {
            windowBegun = now;
            knocks = 0;
        }
        knocks++;
        if (knocks <= KNOCKS) {
            return false;
        }
        warm();
        return true;
    }

    /** There is so much to do that no notification is wanted. */
    public synchronized void warm() {
        knocks = 0;
        hot = true;
        lastWork = System.nanoTime();
    }

    /** Events were handled. */
    public synchronized void worked() {
        lastWork = System.nanoTime();
    }

    /** Whether the consumer goes on polling; it cools down when there was no work for a while. */
    public synchronized boolean isHot() {
        hot = hot && System.nanoTime() - lastWork < COOL_NANOS;
        return hot;
    }
}
