package io.pgevents.benchmark.measure;

import io.pgevents.benchmark.contestant.Receipts;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.IntConsumer;

/** Counts deliveries of events numbered from 0, each number on its own. The first of them are warm-up. */
public final class Deliveries implements Receipts {

    private final AtomicIntegerArray counts;
    private final AtomicInteger distinct = new AtomicInteger();
    private final AtomicInteger repeated = new AtomicInteger();
    private final CountDownLatch all = new CountDownLatch(1);
    private final IntConsumer listener;
    private final int warmUp;
    private volatile long warmAt;

    /**
     * Expects events.
     *
     * @param expected how many
     * @param warmUp after how many of them the clock starts, at least 1
     */
    public Deliveries(int expected, int warmUp) {
        this(expected, warmUp, number -> {});
    }

    /**
     * Expects events.
     *
     * @param listener hears of each receipt before it is counted
     */
    public Deliveries(int expected, int warmUp, IntConsumer listener) {
        this.listener = listener;
        this.counts = new AtomicIntegerArray(expected);
        this.warmUp = Math.max(1, warmUp);
    }

    @Override
    public void received(int number) {
        listener.accept(number);
        if (counts.incrementAndGet(number) > 1) {
            repeated.incrementAndGet();
            return;
        }
        int count = distinct.incrementAndGet();
        if (count == warmUp) {
            warmAt = System.nanoTime();
        }
        if (count == counts.length()) {
            all.countDown();
        }
    }

    /** Waits until all have been received; false if the time is over before. */
    public boolean awaitAll(Duration atMost) throws InterruptedException {
        return all.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** How many different events have been received. */
    public int count() {
        return distinct.get();
    }

    /** How often an event was received again. */
    public int repeated() {
        return repeated.get();
    }

    /** Whether the warm-up is over. */
    public boolean isWarm() {
        return count() >= warmUp;
    }

    /** The rate per second from the end of the warm-up to a time of {@link System#nanoTime}. */
    public double rateUntil(long nanos, int countThen) {
        if (!isWarm() || countThen <= warmUp) {
            throw new IllegalStateException(
                    "Only " + count() + " events were received, which is less than the warm-up");
        }
        return (countThen - warmUp) * 1e9 / (nanos - warmAt);
    }
}
