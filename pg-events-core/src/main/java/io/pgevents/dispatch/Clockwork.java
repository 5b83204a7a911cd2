package io.pgevents.dispatch;

import io.pgevents.retry.Outage;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that handle no event: one for signals, which never waits for the database; one that keeps leases, so that
 * nothing starves it; one for the poll; one for the
 * maintenance, which may take its time.
 */
final class Clockwork {

    private static final Logger log = LoggerFactory.getLogger(Clockwork.class);

    private final Outage outage;
    private final ScheduledExecutorService signals = thread("pg-events-signals");
    private final ScheduledExecutorService keeper = thread("pg-events-leases");
    private final ScheduledExecutorService watch = thread("pg-events-watch");
    private final ScheduledExecutorService maintenance = thread("pg-events-maintenance");

    Clockwork(Outage outage) {
        this.outage = outage;
    }

    private static ScheduledExecutorService thread(String name) {
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
        // Time limits are cancelled in their thousands, and a stop does not wait for what is due in an hour.
        executor.setRemoveOnCancelPolicy(true);
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        return executor;
    }

    ScheduledExecutorService signals() {
        return signals;
    }

    void keep(String what, Duration every, Runnable task) {
        repeat(keeper, what, every, task);
    }

    void watch(String what, Duration every, Runnable task) {
        repeat(watch, what, every, task);
    }

    void maintain(String what, Duration every, Runnable task) {
        repeat(maintenance, what, every, task);
    }

    /** Looks once, besides the regular polls; what fails is tried again until it works. */
    void lookOnce(String what, Runnable task) {
        once(watch, what, Duration.ZERO, task);
    }

    /** Runs a task of the maintenance once; one that fails is tried again until it works. */
    void maintainOnce(String what, Runnable task) {
        once(maintenance, what, Duration.ZERO, task);
    }

    private void once(ScheduledExecutorService thread, String what, Duration in, Runnable task) {
        Runnable untilItWorks = () -> {
            Duration pause = attempt(what, task);
            if (pause != null) {
                once(thread, what, pause, task);
            }
        };
        try {
            Future<?> unused = thread.schedule(untilItWorks, in.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException ex) {
            log.debug("{} is left out: this instance stops", what, ex);
        }
    }

    private void repeat(ScheduledExecutorService thread, String what, Duration every, Runnable task) {
        Future<?> unused = thread.scheduleWithFixedDelay(
                guarded(what, task), every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
    }

    private Runnable guarded(String what, Runnable task) {
        return () -> attempt(what, task);
    }

    /**
     * Runs a task; null if it worked, else how long to wait. Whatever it throws: a task that throws is never run again.
     */
    private @Nullable Duration attempt(String what, Runnable task) {
        try {
            task.run();
            outage.worked(what);
            return null;
        } catch (RuntimeException | Error ex) {
            return outage.failed(what, ex);
        }
    }

    /** Lets running tasks end, but not for long. */
    void stop() {
        List<ScheduledExecutorService> all = List.of(signals, keeper, watch, maintenance);
        all.forEach(ScheduledExecutorService::shutdown);
        try {
            for (ScheduledExecutorService each : all) {
                if (!each.awaitTermination(2, TimeUnit.SECONDS)) {
                    each.shutdownNow();
                }
            }
        } catch (InterruptedException ex) {
            log.debug("Interrupted while stopping", ex);
            Thread.currentThread().interrupt();
        }
    }
}
