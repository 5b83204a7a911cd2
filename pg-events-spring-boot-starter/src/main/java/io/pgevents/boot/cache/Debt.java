package io.pgevents.boot.cache;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/** Remembers that a cache was away when it had to be changed, so that it has to be cleared before it is read. Thread-safe. */
final class Debt {

    private final AtomicLong incurred = new AtomicLong();
    private final ReentrantLock paying = new ReentrantLock();
    private volatile long paid;

    void incur() {
        incurred.incrementAndGet();
    }

    /**
     * Pays what is owed. If that fails, it stays owed, and the failure is thrown.
     *
     * @return false if another thread is at it: waiting for it might take as long as the cache is away
     */
    boolean settle(Runnable payment) {
        if (incurred.get() == paid) {
            return true;
        }
        if (!paying.tryLock()) {
            return false;
        }
        try {
            long owed = incurred.get();
            if (owed != paid) {
                payment.run();
                paid = owed;
            }
            return true;
        } finally {
            paying.unlock();
        }
    }
}
