package io.pgevents.dispatch;

import java.time.Duration;
import java.util.TreeSet;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Rings at each of the times it was set to. Times closer than a few milliseconds ring once; what is further away than an hour,
 * or more than a thousand times, is left to the poll. Thread-safe.
 */
final class DueTimer {

    private static final Duration FARTHEST = Duration.ofHours(1);
    private static final int MOST = 1000;
    private static final long GRAIN_NANOS = Duration.ofMillis(2).toNanos();

    private final ScheduledExecutorService timer;
    private final Runnable ring;
    private final long origin = System.nanoTime();
    private final TreeSet<Long> times = new TreeSet<>();
    private @Nullable Future<?> next;

    DueTimer(ScheduledExecutorService timer, Runnable ring) {
        this.timer = timer;
        this.ring = ring;
    }

    synchronized void set(Duration in) {
        if (in.compareTo(FARTHEST) > 0) {
            return;
        }
        // Rounded up, so that it never rings before the time.
        long at = ((now() + in.toNanos()) / GRAIN_NANOS + 1) * GRAIN_NANOS;
        boolean first = times.isEmpty() || at < times.first();
        if (times.size() < MOST) {
            times.add(at);
        }
        if (first) {
            arm();
        }
    }

    private long now() {
        return System.nanoTime() - origin;
    }

    private void arm() {
        if (next != null) {
            next.cancel(false);
            next = null;
        }
        if (!times.isEmpty() && !timer.isShutdown()) {
            next = timer.schedule(this::ring, Math.max(0, times.first() - now()), TimeUnit.NANOSECONDS);
        }
    }

    private void ring() {
        synchronized (this) {
            times.headSet(now(), true).clear();
            next = null;
            arm();
        }
        ring.run();
    }
}
