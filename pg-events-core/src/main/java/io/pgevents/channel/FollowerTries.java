package io.pgevents.channel;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * When to try again to close gates that another instance holds, or that a publisher was just probing: soon at first,
 * then every three poll intervals, and then all of them with one statement.
 */
final class FollowerTries {

    private static final long FIRST_PAUSE_NANOS = Duration.ofMillis(20).toNanos();

    private final long origin = System.nanoTime();
    private final long longestPauseNanos;
    private final Map<String, Try> tries = new HashMap<>();

    private record Try(long pauseNanos, long at) {}

    FollowerTries(Duration pollInterval) {
        this.longestPauseNanos = pollInterval.toNanos() * 3;
    }

    /** Leaves only the subscriptions whose gate may be tried now. */
    void keepDue(Set<String> subscriptions) {
        long now = now();
        subscriptions.removeIf(name -> {
            Try last = tries.get(name);
            return last != null && last.at() > now;
        });
    }

    /** Gates were tried, and some of them closed. */
    void tried(Collection<String> subscriptions, Collection<String> closed) {
        for (String name : subscriptions) {
            Try last = tries.get(name);
            if (!closed.contains(name)) {
                tries.put(name, next(last == null ? FIRST_PAUSE_NANOS : last.pauseNanos() * 4));
            } else if (last != null) {
                tries.remove(name);
            }
        }
    }

    /** The gate may be free: it is tried at once. */
    void forget(String subscription) {
        tries.remove(subscription);
    }

    private Try next(long pauseNanos) {
        if (pauseNanos < longestPauseNanos) {
            return new Try(pauseNanos, now() + pauseNanos);
        }
        // A common beat, so that all followers are tried together.
        return new Try(longestPauseNanos, (now() / longestPauseNanos + 1) * longestPauseNanos);
    }

    private long now() {
        return System.nanoTime() - origin;
    }
}
