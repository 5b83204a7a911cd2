package io.pgevents.dispatch;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executor;

/**
 * The workers of a consumer: none while there is nothing to do, and up to its concurrency under load. A signal that
 * comes while all work is not lost: one of them makes another round. Thread-safe.
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
     * @param rest called by each worker after its end: there was nothing more to do for it
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
        boolean started = false;
        try {
            executor.execute(this::work);
            started = true;
        } finally {
            if (!started) {
                synchronized (this) {
                    running--;
                    notifyAll();
                }
            }
        }
    }

    /** Whether another worker could start: who asks may have to signal, because nobody else looks. */
    boolean hasRoom() {
        synchronized (this) {
            return running < size && !stopped;
        }
    }

    boolean isStopped() {
        synchronized (this) {
            return stopped;
        }
    }

    private void work() {
        synchronized (this) {
            threads.add(Thread.currentThread());
        }
        boolean ended = false;
        try {
            while (takeOrEnd()) {
                round.run();
            }
            ended = true;
        } finally {
            if (!ended) {
                ended();
            }
        }
        if (!isStopped()) {
            rest.run();
        }
    }

    /** Takes the signal, or ends this worker: in one step, because a signal between the two would reach nobody. */
    private boolean takeOrEnd() {
        synchronized (this) {
            if (signalled && !stopped) {
                signalled = false;
                return true;
            }
            ended();
            return false;
        }
    }

    private void ended() {
        synchronized (this) {
            threads.remove(Thread.currentThread());
            running--;
            notifyAll();
        }
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
