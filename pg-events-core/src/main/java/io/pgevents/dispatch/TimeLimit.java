package io.pgevents.dispatch;

import io.pgevents.PgEventsException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Limits how long a handling may take: its thread is interrupted, and the attempt has failed. Thread-safe. */
final class TimeLimit {

    private final @Nullable Duration limit;
    private final ScheduledExecutorService timer;

    TimeLimit(@Nullable Duration limit, ScheduledExecutorService timer) {
        this.limit = limit;
        this.timer = timer;
    }

    private enum State {
        RUNNING,
        INTERRUPTED,
        OVER
    }

    <T> T call(Callable<T> work) throws Exception {
        if (limit == null) {
            return work.call();
        }
        Thread worker = Thread.currentThread();
        AtomicReference<State> state = new AtomicReference<>(State.RUNNING);
        Future<?> alarm = timer.schedule(() -> interrupt(worker, state), limit.toMillis(), TimeUnit.MILLISECONDS);
        try {
            T result = work.call();
            if (!state.compareAndSet(State.RUNNING, State.OVER)) {
                throw new HandlerTimeoutException(limit, null);
            }
            return result;
        } catch (Exception ex) {
            if (state.compareAndSet(State.RUNNING, State.OVER) || ex instanceof HandlerTimeoutException) {
                throw ex;
            }
            throw new HandlerTimeoutException(limit, ex);
        } finally {
            alarm.cancel(false);
            // Waits for an interrupt that is under way: it must not hit whatever this thread does next.
            synchronized (state) {
                if (state.getAndSet(State.OVER) == State.INTERRUPTED) {
                    Thread.interrupted();
                }
            }
        }
    }

    private static void interrupt(Thread worker, AtomicReference<State> state) {
        synchronized (state) {
            if (state.compareAndSet(State.RUNNING, State.INTERRUPTED)) {
                worker.interrupt();
            }
        }
    }

    /** A handling took too long. */
    static final class HandlerTimeoutException extends PgEventsException {

        private static final long serialVersionUID = 1L;

        HandlerTimeoutException(Duration limit, @Nullable Throwable cause) {
            super("The handling took longer than its timeout of " + limit + " and was interrupted.", cause);
        }
    }
}
