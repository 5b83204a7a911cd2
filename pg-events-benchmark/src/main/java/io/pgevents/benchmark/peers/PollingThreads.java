package io.pgevents.benchmark.peers;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/** For peers without their own: threads that do something again and again, with a pause when there is nothing to do. */
final class PollingThreads {

    private static final Logger logger = LoggerFactory.getLogger(PollingThreads.class);

    private final ExecutorService threads;
    private final Duration pause;
    private final CountDownLatch closed = new CountDownLatch(1);

    PollingThreads(String name, Duration pause) {
        this.threads = Executors.newCachedThreadPool(new CustomizableThreadFactory(name + "-"));
        this.pause = pause;
    }

    /**
     * Starts threads that end with {@link #close}.
     *
     * @param work does something and tells whether there was anything to do
     */
    void start(int count, BooleanSupplier work) {
        for (int thread = 0; thread < count; thread++) {
            threads.execute(() -> poll(work));
        }
    }

    /** Lets what is under way finish. */
    void close() {
        closed.countDown();
        threads.shutdown();
        try {
            if (!threads.awaitTermination(10, TimeUnit.SECONDS)) {
                threads.shutdownNow();
            }
        } catch (InterruptedException interrupted) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    private void poll(BooleanSupplier work) {
        try {
            while (closed.getCount() > 0) {
                if (!attempt(work) && closed.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean attempt(BooleanSupplier work) {
        try {
            return work.getAsBoolean();
        } catch (RuntimeException failure) {
            logger.error("Polling failed and goes on", failure);
            return false;
        }
    }
}
