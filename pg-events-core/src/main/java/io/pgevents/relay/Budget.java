package io.pgevents.relay;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** What all outboxes share: the bytes they may hold, and the counts of what they did. Thread-safe. */
final class Budget {

    final AtomicInteger clients = new AtomicInteger();
    final LongAdder sent = new LongAdder();
    final LongAdder dropped = new LongAdder();
    final LongAdder gaps = new LongAdder();
    final LongAdder disconnected = new LongAdder();

    private final long limit;
    private final AtomicLong used = new AtomicLong();

    Budget(long limit) {
        this.limit = limit;
    }

    boolean take(long bytes) {
        if (used.addAndGet(bytes) <= limit) {
            return true;
        }
        used.addAndGet(-bytes);
        return false;
    }

    void giveBack(long bytes) {
        used.addAndGet(-bytes);
    }

    long used() {
        return used.get();
    }

    /** What one of the clients may hold, so that those that do not read leave room for the others. */
    long share() {
        return limit / Math.max(1, clients.get());
    }
}
