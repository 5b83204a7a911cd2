package io.pgevents.dispatch;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Rings once at the earliest of the times it was set to. What is further away than an hour is left to the poll. Thread-safe. */
final class DueTimer {

    private static final Duration FARTHEST = Duration.ofHours(1);

    private final ScheduledExecutorService timer;
    private final Runnable ring;
    private @Nullable Future<?> next;
    private long nextAt;

    DueTimer(ScheduledExecutorService timer, Runnable ring) {
        this.timer = timer;
        this.ring = ring;
    }

    synchronized void set(Duration in) {
        if (in.compareTo(FARTHEST) > 0 || timer.isShutdown()) {
            return;
        }
        long at = System.nanoTime() + in.toNanos();
        if (next != null && nextAt - at <= 0) {
            return;
        }
        if (next != null) {
            next.cancel(false);
        }
        nextAt = at;
        next = timer.schedule(this::ring, in.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void ring() {
        synchronized (this) {
            next = null;
        }
        ring.run();
    }
}
