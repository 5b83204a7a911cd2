package io.pgevents.dispatch;

import java.time.Duration;
import java.util.TreeSet;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Rings at each of the times it was set to, to the millisecond. What is further away than an hour, or beyond the
 * thousand next times, is left to the poll. Thread-safe.
 */
final class DueTimer {

    private static final Duration FARTHEST = Duration.ofHours(1);
    private static final long STEP_NANOS = Duration.ofMillis(1).toNanos();
    private static final int MOST = 1000;

    private final ScheduledExecutorService timer;
    private final Runnable ring;
    private final long origin = System.nanoTime();
    private final TreeSet<Long> times = new TreeSet<>();
    private @Nullable Future<?> next;
    private long nextAt;

    DueTimer(ScheduledExecutorService timer, Runnable ring) {
        this.timer = timer;
        this.ring = ring;
    }

    synchronized void set(Duration in) {
        if (in.compareTo(FARTHEST) > 0) {
            return;
        }
        long exact = now() + in.toNanos();
        times.add((exact + STEP_NANOS - 1) / STEP_NANOS * STEP_NANOS);
        if (times.size() > MOST) {
            times.pollLast();
        }
        schedule();
    }

    /** Rings at some time until then: nothing to do if a nearer time is set already. */
    synchronized void within(Duration in) {
        if (times.isEmpty() || times.first() > now() + in.toNanos()) {
            set(in);
        }
    }

    private long now() {
        return System.nanoTime() - origin;
    }

    private void schedule() {
        if (times.isEmpty() || (next != null && nextAt <= times.first())) {
            return;
        }
        if (next != null) {
            next.cancel(false);
        }
        nextAt = times.first();
        try {
            next = timer.schedule(this::ring, nextAt - now(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException ex) {
            // The instance stops, and nothing is due any more.
            times.clear();
        }
    }

    private void ring() {
        synchronized (this) {
            next = null;
            times.headSet(now(), true).clear();
            schedule();
        }
        ring.run();
    }
}
