package io.pgevents.boot.web;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Lets one thread at a time do some work, without a lock: whoever comes meanwhile leaves a note and goes, and the one at
 * work does it once more. The drain loop of Reactive Streams implementations.
 */
final class DrainLoop {

    private final AtomicInteger visits = new AtomicInteger();
    private final Runnable work;

    /**
     * A loop in which nobody is.
     *
     * @param work what is done at least once after every visit; must not throw
     */
    DrainLoop(Runnable work) {
        this.work = work;
    }

    void visit() {
        if (visits.getAndIncrement() != 0) {
            return;
        }
        int seen = 1;
        do {
            work.run();
            seen = visits.addAndGet(-seen);
        } while (seen != 0);
    }
}
