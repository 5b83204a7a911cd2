package io.pgevents.channel;

import java.time.Duration;
import java.util.Set;

/**
 * The transactions that were in progress when gates were closed: they may have probed the gates before. Looked at with
 * growing pauses, from 2 ms to the poll interval.
 */
final class OpenTransactions {

    private final Set<String> subscriptions;
    private final Set<Long> open;
    private long pauseNanos = Duration.ofMillis(2).toNanos();
    private long nextLook = System.nanoTime() + pauseNanos;
    private boolean progressed;

    OpenTransactions(Set<String> subscriptions, Set<Long> open) {
        this.subscriptions = subscriptions;
        this.open = open;
    }

    Set<String> subscriptions() {
        return subscriptions;
    }

    boolean isDue() {
        return nanosUntilDue() <= 0;
    }

    /** How long it is until the next look. */
    long nanosUntilDue() {
        return nextLook - System.nanoTime();
    }

    /** Compares with the transactions that are in progress now; true if there is nothing left to watch for. */
    boolean isOver(Set<Long> now, Duration pollInterval) {
        progressed = open.retainAll(now);
        pauseNanos = pauseNanos * 2;
        nextLook = System.nanoTime() + pauseNanos;
        return open.isEmpty() || pauseNanos >= pollInterval.toNanos();
    }

    /** Whether some of them have ended since the last look. */
    boolean hasProgressed() {
        return progressed;
    }
}
