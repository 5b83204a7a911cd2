package io.pgevents.benchmark.measure;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.IntConsumer;
import java.util.function.IntUnaryOperator;

/**
 * Hears of receipts, watches that the numbers of each key ascend, and notes when all events of the keys other than key
 * 0 have been received.
 */
public final class KeyWatch implements IntConsumer {

    private final IntUnaryOperator keyOf;
    private final AtomicIntegerArray last;
    private final AtomicInteger overtaken = new AtomicInteger();
    private final AtomicInteger others = new AtomicInteger();
    private final int expectedOthers;
    private volatile long othersFrom;
    private volatile long othersUntil;

    /**
     * Watches.
     *
     * @param keyOf the key of an event, from 0
     * @param keys how many keys there are
     * @param expectedOthers how many events have another key than 0
     */
    public KeyWatch(IntUnaryOperator keyOf, int keys, int expectedOthers) {
        this.keyOf = keyOf;
        this.last = new AtomicIntegerArray(keys);
        this.expectedOthers = expectedOthers;
    }

    @Override
    public void accept(int number) {
        int key = keyOf.applyAsInt(number);
        if (last.getAndSet(key, number + 1) > number + 1) {
            overtaken.incrementAndGet();
        }
        if (key != 0) {
            int count = others.incrementAndGet();
            if (count == expectedOthers / 10) {
                othersFrom = System.nanoTime();
            } else if (count == expectedOthers) {
                othersUntil = System.nanoTime();
            }
        }
    }

    /** How many events came before an earlier one of their key. */
    public int overtaken() {
        return overtaken.get();
    }

    /** The rate per second of the keys other than key 0, without the first tenth of their events. */
    public double othersPerSecond() {
        return (expectedOthers - expectedOthers / 10) * 1e9 / (othersUntil - othersFrom);
    }
}
