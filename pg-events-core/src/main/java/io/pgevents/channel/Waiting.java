package io.pgevents.channel;

import io.pgevents.Notification;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The notifications that wait for a listener, and gaps between them. When it is full, the oldest notification gives way
 * to a gap. Gaps without a notification between them are one. Not thread-safe.
 */
final class Waiting {

    /** Stands where something may be missing; no channel has an empty name. */
    static final Notification GAP = new Notification("", "", 0);

    private final Deque<Notification> queue = new ArrayDeque<>();
    private final int capacity;
    private int notifications;
    private long dropped;

    Waiting(int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("At least 1 notification must be able to wait: " + capacity);
        }
        this.capacity = capacity;
    }

    /** Adds a notification; false if an older one had to be dropped for it. */
    boolean add(Notification notification) {
        boolean fits = notifications < capacity;
        if (!fits) {
            dropOldest();
        }
        queue.addLast(notification);
        notifications++;
        return fits;
    }

    void addGap() {
        if (!GAP.equals(queue.peekLast())) {
            queue.addLast(GAP);
        }
    }

    /** The next notification, or a gap; null if nothing waits. */
    @Nullable
    Notification next() {
        Notification next = queue.pollFirst();
        if (next != null && !GAP.equals(next)) {
            notifications--;
        }
        return next;
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    void clear() {
        queue.clear();
        notifications = 0;
    }

    /** How many were dropped so far. */
    long dropped() {
        return dropped;
    }

    private void dropOldest() {
        Notification oldest = next();
        while (GAP.equals(oldest)) {
            oldest = next();
        }
        if (!GAP.equals(queue.peekFirst())) {
            queue.addFirst(GAP);
        }
        dropped++;
    }
}
