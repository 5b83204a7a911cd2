package io.pgevents.dispatch;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * The workers of a consumer: none while there is nothing to do, and up to its concurrency under load. A signal that comes while
 * all work is not lost: one of them makes another round. Thread-safe.
 */
final class Crew {

    private final int size;
    private final Executor executor;
    private final Runnable round;
    private final Runnable rest;
    private final Set<Thread> threads = new HashSet<>();
    private int running;
    private boolean signalled;
    private boolean stopped;

    /**
     * A crew that has not been signalled yet.
     *
     * @param size the most workers at a time
     * @param executor runs each worker
     * @param round one round of a worker; must not throw
     * @param rest called by the last worker to end
     */
    Crew(int size, Executor executor, Runnable round, Runnable rest) {
        this.size = size;
        this.executor = executor;
        this.round = round;
        this.rest = rest;
    }

    /** There may be work: one more worker starts, or one that works makes another round. */
    void signal() {
        synchronized (this) {
            if (stopped) {
                return;
            }
            signalled = true;
            if (running >= size) {
                return;
            }
            running++;
        }
        try {
            executor.execute(this::work);
        } catch (RejectedExecutionException ex) {
            end();
            throw ex;
        }
    }

    /** Whether no worker works. */
    boolean isResting() {
        synchronized (this) {
            return running == 0 && !stopped;
        }
    }

    private void work() {
        synchronized (this) {
            threads.add(Thread.currentThread());
        }
        boolean ended = false;
        try {
            while (!ended) {
                ended = takeOrEnd();
                if (!ended) {
                    round.run();
                }
            }
        } finally {
            if (!ended) {
                end();
            }
        }
        if (isResting()) {
            rest.run();
        }
    }

    /**
     * Takes the signal, or ends the worker. Both under one lock: a signal between the two would find a worker that is still
     * counted but looks no more.
     *
     * @return whether the worker has ended
     */
    private synchronized boolean takeOrEnd() {
        if (signalled && !stopped) {
            signalled = false;
            return false;
        }
        end();
        return true;
    }

    private synchronized void end() {
        threads.remove(Thread.currentThread());
        running--;
        notifyAll();
    }

    /** No worker begins another round. */
    void stop() {
        synchronized (this) {
            stopped = true;
        }
    }

    /** Waits for the workers after a stop; false if some still work. */
    boolean awaitEnd(Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        synchronized (this) {
            while (running > 0) {
                long millis = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
                if (millis <= 0) {
                    return false;
                }
                wait(millis);
            }
            return true;
        }
    }

    /** Interrupts the workers after a stop. */
    void interrupt() {
        synchronized (this) {
            threads.forEach(Thread::interrupt);
        }
    }
}
