package io.pgevents.publish;

import io.pgevents.publish.JdbcEventPublisher.PreparedEvent;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;

/** What is committed and not written yet, in its order. Thread-safe; only who has the turn removes something. */
final class BroadcastBuffer {

    private static final int CAPACITY = 10_000;
    private static final int BATCH = 500;
    private static final int BATCH_CHARACTERS = 1 << 20;

    private final Deque<PreparedEvent> events = new ArrayDeque<>();
    private int batchLimit = BATCH;
    private int doubtful;

    synchronized boolean isFull() {
        return events.size() >= CAPACITY;
    }

    synchronized boolean isEmpty() {
        return events.isEmpty();
    }

    synchronized void add(Collection<PreparedEvent> more) {
        events.addAll(more);
    }

    /** The oldest events, as many as one statement should write. */
    synchronized List<PreparedEvent> first() {
        List<PreparedEvent> batch = new ArrayList<>();
        int characters = 0;
        for (PreparedEvent each : events) {
            characters += each.payload().length();
            if (!batch.isEmpty() && (batch.size() >= batchLimit || characters > BATCH_CHARACTERS)) {
                break;
            }
            batch.add(each);
        }
        return batch;
    }

    /** The oldest ones may be written, or not: the answer was lost. */
    synchronized void doubt(int count) {
        doubtful = Math.max(doubtful, count);
    }

    /** Whether some of the oldest ones may be written already. */
    synchronized boolean isDoubtful() {
        return doubtful > 0;
    }

    synchronized void removeFirst(int count) {
        for (int i = 0; i < count; i++) {
            events.remove();
        }
        doubtful = Math.max(0, doubtful - count);
        batchLimit = BATCH;
        notifyAll();
    }

    /**
     * A batch cannot be written, and another try would not help. The next one has a single event; if that was it, it is
     * left out, and this is true.
     */
    synchronized boolean giveUpSingle() {
        boolean single = batchLimit == 1;
        if (single && !events.isEmpty()) {
            removeFirst(1);
        } else {
            batchLimit = 1;
        }
        return single;
    }

    synchronized boolean awaitEmpty(Duration atMost) {
        long deadline = System.nanoTime() + atMost.toNanos();
        try {
            long left = atMost.toMillis();
            while (!events.isEmpty() && left > 0) {
                wait(left);
                left = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
            }
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
        return events.isEmpty();
    }
}
