package io.pgevents.dispatch;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Says how a consumer ends: no new event is begun once it drains, and nothing counts once it aborts. Thread-safe. */
final class StopSignal {

    private volatile boolean draining;
    private final CountDownLatch aborting = new CountDownLatch(1);

    void drain() {
        draining = true;
    }

    void abort() {
        draining = true;
        aborting.countDown();
    }

    /** Whether no further event may be begun. */
    boolean isDraining() {
        return draining;
    }

    /** Whether handlers are interrupted: a failure now is no failure of the event. */
    boolean isAborting() {
        return aborting.getCount() == 0;
    }

    /** Waits; true if it is time to give up. */
    boolean awaitAbort(Duration atMost) {
        try {
            return aborting.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
