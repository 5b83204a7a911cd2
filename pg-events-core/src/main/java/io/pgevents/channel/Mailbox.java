package io.pgevents.channel;

import io.pgevents.Notification;
import io.pgevents.retry.ExecutorRetry;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What waits for one listener, and its delivery: one task of the executor as long as something waits. Whoever puts
 * something in never waits for the listener. If the executor takes no task, it is tried again until it does.
 */
final class Mailbox implements Runnable {

    private static final Logger log = LoggerFactory.getLogger(Mailbox.class);
    /** No channel has an empty name. */
    private static final Notification GAP = new Notification("", "", 0);

    private final ChannelListener listener;
    private final Executor executor;
    private final LongAdder droppedByAll;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition idle = lock.newCondition();
    private final Waiting<Notification> waiting;
    private final ExecutorRetry retry;
    private @Nullable Thread runner;
    private boolean scheduled;
    private boolean closed;

    Mailbox(ChannelListener listener, int capacity, Executor executor, LongAdder droppedByAll) {
        this.listener = listener;
        this.waiting = new Waiting<>(GAP, capacity);
        this.executor = executor;
        this.droppedByAll = droppedByAll;
        this.retry = new ExecutorRetry(listener, this::schedule);
    }

    void put(Notification notification) {
        long dropped = 0;
        lock.lock();
        try {
            if (closed) {
                return;
            }
            if (!waiting.add(notification)) {
                dropped = waiting.dropped();
            }
        } finally {
            lock.unlock();
        }
        schedule();
        report(notification.channel(), dropped);
    }

    /** Says so for the 1st, the 2nd, the 4th, the 8th and so on. */
    private void report(String channel, long dropped) {
        if (dropped > 0) {
            droppedByAll.increment();
        }
        if (Long.bitCount(dropped) == 1) {
            log.warn(
                    "{} is too slow for the channel \"{}\": the oldest of the waiting notifications are dropped, and it is"
                            + " told of the gap; so far {}",
                    listener,
                    channel,
                    dropped);
        }
    }

    /** Something may be missing after what waits now. */
    void putGap() {
        lock.lock();
        try {
            waiting.addGap();
        } finally {
            lock.unlock();
        }
        schedule();
    }

    /** Forgets what waits, and takes nothing more. */
    void close() {
        lock.lock();
        try {
            closed = true;
            waiting.clear();
        } finally {
            lock.unlock();
        }
    }

    /** Forgets what waits. */
    void clear() {
        lock.lock();
        try {
            waiting.clear();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for a delivery that is on its way; false if it takes longer. The listener itself does not wait. */
    boolean awaitIdle(long nanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = nanos;
            while (isBusy() && left > 0) {
                left = idle.awaitNanos(left);
            }
            return !isBusy();
        } finally {
            lock.unlock();
        }
    }

    /** Interrupts a delivery that is on its way. */
    void interrupt() {
        lock.lock();
        try {
            if (runner != null && isBusy()) {
                runner.interrupt();
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean isBusy() {
        return runner != null && runner != Thread.currentThread();
    }

    private void schedule() {
        lock.lock();
        try {
            if (scheduled || closed || waiting.isEmpty()) {
                return;
            }
            scheduled = true;
        } finally {
            lock.unlock();
        }
        try {
            executor.execute(this);
            retry.taken();
        } catch (RuntimeException | Error ex) {
            ended();
            retry.refused(ex);
        }
    }

    @Override
    public void run() {
        for (Notification next = take(); next != null; next = take()) {
            deliver(next);
        }
        // An interrupt is not meant for the next task of this thread.
        Thread.interrupted();
    }

    private @Nullable Notification take() {
        lock.lock();
        try {
            Notification next = waiting.next();
            if (next == null) {
                ended();
            } else {
                runner = Thread.currentThread();
            }
            return next;
        } finally {
            lock.unlock();
        }
    }

    private void ended() {
        lock.lock();
        try {
            scheduled = false;
            runner = null;
            idle.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void deliver(Notification next) {
        try {
            if (GAP.equals(next)) {
                listener.onGap();
            } else {
                listener.onNotification(next);
            }
        } catch (Exception | Error ex) {
            log.error("{} has failed{}; it goes on with the next notification", listener, what(next), ex);
        } finally {
            // An interrupt that the listener left behind is not meant for the next notification.
            Thread.interrupted();
        }
    }

    private static String what(Notification next) {
        return GAP.equals(next) ? " at a gap" : " for the channel \"" + next.channel() + '"';
    }

    @Override
    public String toString() {
        return listener.toString();
    }
}
