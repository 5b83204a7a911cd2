package io.pgevents.retry;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tries again half a second later what an executor did not take. It is told of each refusal, and warns of the first one
 * only, until a task was taken. Thread-safe, and holds no lock while it tries.
 */
public final class ExecutorRetry {

    private static final Logger log = LoggerFactory.getLogger(ExecutorRetry.class);
    private static final long PAUSE_MILLIS = 500;

    private final Object what;
    private final Runnable attempt;
    private final AtomicBoolean refused = new AtomicBoolean();
    private final AtomicBoolean scheduled = new AtomicBoolean();

    /**
     * Nothing was refused yet.
     *
     * @param what has no thread, for the log
     * @param attempt gives the executor what there is to do, if there still is something; must not block
     */
    public ExecutorRetry(Object what, Runnable attempt) {
        this.what = what;
        this.attempt = attempt;
    }

    /** The executor has taken no task. */
    public void refused(Throwable cause) {
        if (refused.compareAndSet(false, true)) {
            log.warn("No thread can be had for {}; it is tried again until it works", what, cause);
        }
        if (scheduled.compareAndSet(false, true)) {
            schedule();
        }
    }

    private void schedule() {
        try {
            CompletableFuture.delayedExecutor(PAUSE_MILLIS, TimeUnit.MILLISECONDS, Runnable::run)
                    .execute(this::tryAgain);
        } catch (RuntimeException | Error ex) {
            scheduled.set(false);
            log.debug("No timer can be had for {}", what, ex);
        }
    }

    private void tryAgain() {
        scheduled.set(false);
        attempt.run();
    }

    /** The executor has taken a task. */
    public void taken() {
        if (refused.get()) {
            refused.set(false);
        }
    }
}
