package io.pgevents.live;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the handler of one broadcast subscription: a bounded queue, and a thread of the executor only while something is
 * in it. When the queue is full the oldest event is dropped, and the handler is told of the gap before the next one.
 */
final class BroadcastConsumer implements LiveListener {

    private static final Logger log = LoggerFactory.getLogger(BroadcastConsumer.class);

    private final BroadcastSubscription subscription;
    private final Executor executor;
    private final int capacity;
    private final Queue<LiveEvent> queue = new ArrayDeque<>();
    private boolean gapOwed;
    private boolean overflown;
    private boolean running;
    private boolean stopped;

    BroadcastConsumer(BroadcastSubscription subscription, Executor executor, int capacity) {
        this.subscription = subscription;
        this.executor = executor;
        this.capacity = capacity;
    }

    @Override
    public synchronized void received(LiveEvent event) {
        if (queue.size() >= capacity) {
            queue.remove();
            gapOwed = true;
            warnOfOverflow();
        }
        queue.add(event);
        run();
    }

    private void warnOfOverflow() {
        if (!overflown) {
            overflown = true;
            log.warn(
                    "The broadcast handler {} is too slow: its queue of {} events is full, and the oldest are dropped",
                    subscription.name(),
                    capacity);
        }
    }

    @Override
    public synchronized void gap() {
        gapOwed = true;
        run();
    }

    private void run() {
        if (running || stopped) {
            return;
        }
        running = true;
        try {
            executor.execute(this::handleAll);
        } catch (RejectedExecutionException ex) {
            running = false;
            log.debug("The executor takes no thread for {}; the next event tries again", subscription.name(), ex);
        }
    }

    private void handleAll() {
        Task task = next();
        while (task != null) {
            try {
                task.run();
            } catch (Exception | Error ex) {
                log.error("The broadcast handler {} failed; the event is not handled again", subscription.name(), ex);
            } finally {
                // An interrupt that the handler left behind is not meant for the next event of this thread.
                Thread.interrupted();
            }
            task = next();
        }
    }

    private synchronized @Nullable Task next() {
        if (gapOwed && !stopped) {
            gapOwed = false;
            return subscription.handler()::gap;
        }
        LiveEvent event = stopped ? null : queue.poll();
        if (event == null) {
            running = false;
            overflown = false;
            notifyAll();
            return null;
        }
        return () -> subscription.handler().received(event);
    }

    /** Handles nothing more, and waits for what is being handled; false if that still runs. */
    synchronized boolean stop(Duration atMost) {
        stopped = true;
        queue.clear();
        long deadline = System.nanoTime() + atMost.toNanos();
        try {
            long left = atMost.toMillis();
            while (running && left > 0) {
                wait(left);
                left = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
            }
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
        return !running;
    }

    /** A call of the handler. */
    private interface Task {
        void run() throws Exception;
    }
}
