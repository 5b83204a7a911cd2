package io.pgevents.benchmark.measure;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Does something at a steady rate, whether or not the system keeps up: what is late is done late, but nothing is left
 * out.
 *
 * @param perSecond the rate
 * @param threads how many do it
 */
public record SteadyRate(double perSecond, int threads) {

    /** What is done, once for each turn. */
    @FunctionalInterface
    public interface Turn {
        void run(int turn) throws Exception;
    }

    /**
     * Takes turns numbered from 0.
     *
     * @return the rate that was reached
     */
    public double run(int turns, Turn task) throws Exception {
        AtomicInteger next = new AtomicInteger();
        long begun = System.nanoTime();
        Parallel.run(threads, thread -> {
            for (int turn; (turn = next.getAndIncrement()) < turns; ) {
                pauseUntil(begun + Math.round(turn * 1e9 / perSecond));
                task.run(turn);
            }
        });
        return turns * 1e9 / (System.nanoTime() - begun);
    }

    private static void pauseUntil(long nanos) {
        for (long left; (left = nanos - System.nanoTime()) > 0; ) {
            LockSupport.parkNanos(left);
        }
    }
}
