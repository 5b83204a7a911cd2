package io.pgevents.boot.web;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Lets one thread at a time do some work, without a lock: whoever comes meanwhile leaves a note and goes, and the one at
 * work does it once more. The drain loop of Reactive Streams implementations.
 */
final class DrainLoop {

    private static final long STEP_NANOS = 50_000;

    private final AtomicInteger visits = new AtomicInteger();
    private final Runnable work;
    private volatile @Nullable Thread worker;

    /**
     * A loop in which nobody is.
     *
     * @param work what is done at least once after every visit; if it throws, whoever was at work gets that, and the
     *     notes that were left are forgotten
     */
    DrainLoop(Runnable work) {
        this.work = work;
    }

    void visit() {
        if (visits.getAndIncrement() != 0) {
            return;
        }
        worker = Thread.currentThread();
        int seen = 1;
        do {
            workOrLeave();
            if (visits.get() == seen) {
                worker = null;
            }
            seen = visits.addAndGet(-seen);
            if (seen != 0) {
                worker = Thread.currentThread();
            }
        } while (seen != 0);
    }

    private void workOrLeave() {
        boolean done = false;
        try {
            work.run();
            done = true;
        } finally {
            if (!done) {
                worker = null;
                visits.set(0);
            }
        }
    }

    /**
     * Waits until nobody else is at work, for who does not block there.
     *
     * @return false if somebody still is after that time
     */
    boolean awaitOthers(Duration atMost) {
        long end = System.nanoTime() + atMost.toNanos();
        while (visits.get() != 0 && worker != Thread.currentThread()) {
            if (System.nanoTime() - end > 0) {
                return false;
            }
            LockSupport.parkNanos(STEP_NANOS);
        }
        return true;
    }
}
