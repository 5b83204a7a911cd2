package io.pgevents.channel;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What waits for a listener, and gaps between it. When it is full, the oldest gives way to a gap. A gap that comes from
 * elsewhere stands behind what was there before. Gaps without anything between them are one. Not thread-safe.
 *
 * @param <T> what is waiting
 */
public final class Waiting<T> {

    private final Deque<T> queue = new ArrayDeque<>();
    private final T gap;
    private final int capacity;
    private final long mostBytes;
    private final ToLongFunction<T> bytesOf;
    private int count;
    private long bytes;
    private long dropped;

    Waiting(T gap, int capacity) {
        this(gap, capacity, Long.MAX_VALUE, item -> 0);
    }

    /**
     * Nothing waits.
     *
     * @param gap stands where something may be missing
     * @param capacity how many may wait
     * @param mostBytes how large they may be together; a single one may be larger
     * @param bytesOf about how large one is
     */
    public Waiting(T gap, int capacity, long mostBytes, ToLongFunction<T> bytesOf) {
        if (capacity < 1) {
            throw new IllegalArgumentException("At least 1 notification must be able to wait: " + capacity);
        }
        this.gap = gap;
        this.capacity = capacity;
        this.mostBytes = mostBytes;
        this.bytesOf = bytesOf;
    }

    /** Adds at the end; false if older ones had to be dropped for it. */
    public boolean add(T item) {
        long size = bytesOf.applyAsLong(item);
        boolean fits = true;
        while (count >= capacity || (count > 0 && bytes + size > mostBytes)) {
            dropOldest();
            fits = false;
        }
        queue.addLast(item);
        count++;
        bytes += size;
        return fits;
    }

    /** Something may be missing after what waits now. */
    public void addGap() {
        if (!gap.equals(queue.peekLast())) {
            queue.addLast(gap);
        }
    }

    /** The next one, or the gap; null if nothing waits. */
    public @Nullable T next() {
        T next = queue.pollFirst();
        if (next != null && !gap.equals(next)) {
            count--;
            bytes -= bytesOf.applyAsLong(next);
        }
        return next;
    }

    public boolean isEmpty() {
        return queue.isEmpty();
    }

    public void clear() {
        queue.clear();
        count = 0;
        bytes = 0;
    }

    /** How many were dropped so far. */
    long dropped() {
        return dropped;
    }

    private void dropOldest() {
        T oldest = next();
        while (gap.equals(oldest)) {
            oldest = next();
        }
        if (!gap.equals(queue.peekFirst())) {
            queue.addFirst(gap);
        }
        dropped++;
    }
}
