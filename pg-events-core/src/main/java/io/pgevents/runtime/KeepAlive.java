package io.pgevents.runtime;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A thread that does nothing but keep the process running. Without a web server nothing else might: the threads of the bus
 * are daemons, and those of handlers may be, or end when there is nothing to do.
 */
final class KeepAlive {

    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread thread = new Thread(this::awaitStop, "pg-events-keep-alive");

    private KeepAlive() {
        // A daemon may start it, and it would be one as well.
        thread.setDaemon(false);
    }

    /** Keeps the process running from now on. */
    static KeepAlive start() {
        KeepAlive started = new KeepAlive();
        started.thread.start();
        return started;
    }

    /** The process may end. Blocks until the thread has ended; idempotent. */
    void stop() {
        stopped.countDown();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(15));
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitStop() {
        try {
            stopped.await();
        } catch (InterruptedException ex) {
            // Whoever interrupts all threads wants the process to end.
            Thread.currentThread().interrupt();
        }
    }
}
