package io.pgevents.relay;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * The threads of the relay: a few writers, which never block because connections do not, and a clock. Before the start
 * and after the stop nobody writes.
 */
final class RelayThreads {

    private static final Logger log = LoggerFactory.getLogger(Relay.class);
    private static final int WRITERS = Math.max(2, Runtime.getRuntime().availableProcessors() / 2);

    private volatile @Nullable ThreadPoolExecutor pool;
    private volatile @Nullable ScheduledExecutorService clock;

    Executor writers() {
        return task -> {
            ThreadPoolExecutor running = pool;
            if (running != null) {
                running.execute(task);
            }
        };
    }

    void start(Duration heartbeat, Runnable beat, Duration writeTimeout, Runnable watch) {
        ThreadPoolExecutor writers = new ThreadPoolExecutor(
                WRITERS, WRITERS, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), daemons("pg-events-relay-"));
        writers.allowCoreThreadTimeOut(true);
        writers.setRejectedExecutionHandler((task, stopped) -> log.trace("Nothing is written after the stop"));
        pool = writers;
        ScheduledExecutorService ticks = Executors.newSingleThreadScheduledExecutor(daemons("pg-events-relay-clock-"));
        every(ticks, heartbeat, beat);
        every(ticks, writeTimeout.dividedBy(4), watch);
        clock = ticks;
    }

    private static void every(ScheduledExecutorService ticks, Duration interval, Runnable task) {
        Runnable guarded = () -> {
            try {
                task.run();
            } catch (RuntimeException | Error ex) {
                log.warn("The clock of the relay failed, and goes on", ex);
            }
        };
        var unused =
                ticks.scheduleWithFixedDelay(guarded, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    void stop() {
        ScheduledExecutorService ticks = clock;
        if (ticks != null) {
            ticks.shutdownNow();
        }
        ThreadPoolExecutor writers = pool;
        if (writers != null) {
            // What is queued is still done: it ends connections.
            writers.shutdown();
        }
    }

    private static CustomizableThreadFactory daemons(String prefix) {
        CustomizableThreadFactory factory = new CustomizableThreadFactory(prefix);
        factory.setDaemon(true);
        return factory;
    }
}
