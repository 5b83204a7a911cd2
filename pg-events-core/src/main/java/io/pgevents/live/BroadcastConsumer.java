package io.pgevents.live;

import io.pgevents.channel.Waiting;
import io.pgevents.retry.ExecutorRetry;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the handler of one broadcast subscription: a bounded queue, and a thread of the executor only while something is
 * in it. When the queue is full the oldest events are dropped, and the handler is told of the gap in their place. If the
 * executor takes no task, it is tried again until it does.
 */
final class BroadcastConsumer implements LiveListener {

    private static final Logger log = LoggerFactory.getLogger(BroadcastConsumer.class);
    /** A bound for large events, besides that of their number. */
    private static final long MOST_BYTES = 16L << 20;

    private final BroadcastSubscription subscription;
    private final Executor executor;
    private final int capacity;
    private final Waiting<Call> waiting;
    private final ExecutorRetry retry;
    private boolean overflown;
    private boolean running;
    private boolean stopped;

    BroadcastConsumer(BroadcastSubscription subscription, Executor executor, int capacity) {
        this.subscription = subscription;
        this.executor = executor;
        this.capacity = capacity;
        this.waiting = new Waiting<>(new Call(subscription.handler()::gap, 0), capacity, MOST_BYTES, Call::bytes);
        this.retry = new ExecutorRetry(subscription.name(), this::tryAgain);
    }

    @Override
    public synchronized void received(LiveEvent event) {
        if (!waiting.add(new Call(() -> subscription.handler().received(event), event.bytes()))) {
            warnOfOverflow();
        }
        run();
    }

    private void warnOfOverflow() {
        if (!overflown) {
            overflown = true;
            log.warn(
                    "The broadcast handler {} is too slow: its queue is full, which takes {} events and {} MB, and the"
                            + " oldest are dropped",
                    subscription.name(),
                    capacity,
                    MOST_BYTES >> 20);
        }
    }

    @Override
    public synchronized void gap() {
        waiting.addGap();
        run();
    }

    /** A moment to try again, if not even a timer was to be had. */
    @Override
    public synchronized void reached(LiveCursor cursor) {
        run();
    }

    private void run() {
        if (running || stopped || waiting.isEmpty()) {
            return;
        }
        running = true;
        try {
            executor.execute(this::handleAll);
            retry.taken();
        } catch (RuntimeException | Error ex) {
            running = false;
            notifyAll();
            retry.refused(ex);
        }
    }

    /** Also if no other event comes. */
    private synchronized void tryAgain() {
        run();
    }

    private void handleAll() {
        Call call = next();
        while (call != null) {
            try {
                call.task().run();
            } catch (Exception | Error ex) {
                log.error("The broadcast handler {} failed; the event is not handled again", subscription.name(), ex);
            } finally {
                // An interrupt that the handler left behind is not meant for the next event of this thread.
                Thread.interrupted();
            }
            call = next();
        }
    }

    private synchronized @Nullable Call next() {
        Call next = stopped ? null : waiting.next();
        if (next == null) {
            running = false;
            overflown = false;
            notifyAll();
        }
        return next;
    }

    /** Handles nothing more, and waits for what is being handled; false if that still runs. */
    synchronized boolean stop(Duration atMost) {
        stopped = true;
        waiting.clear();
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

    /** What the handler is called for. */
    private interface Task {
        void run() throws Exception;
    }

    /**
     * A call of the handler.
     *
     * @param task the call
     * @param bytes about how much memory its event takes
     */
    private record Call(Task task, long bytes) {}
}
