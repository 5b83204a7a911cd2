package io.pgevents.benchmark.process;

import io.pgevents.benchmark.contestant.Contestant;
import io.pgevents.benchmark.measure.Parallel;
import io.pgevents.benchmark.measure.Percentiles;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * Publishes events one by one at a steady rate, whether or not the system keeps up: an event that is late is published
 * late, but none is left out. The times of commits are remembered by number.
 *
 * @param perSecond the rate
 * @param threads how many publish
 */
public record LatencyRun(double perSecond, int threads) {

    /**
     * Publishes the next numbers.
     *
     * @param commits takes the time of each commit
     * @param first the first number
     * @param count how many
     * @return the rate that was reached
     */
    public double publish(Contestant publisher, long[] commits, int first, int count) throws Exception {
        AtomicInteger next = new AtomicInteger();
        long begun = System.nanoTime();
        Parallel.run(threads, thread -> {
            for (int turn; (turn = next.getAndIncrement()) < count; ) {
                pauseUntil(begun + Math.round(turn * 1e9 / perSecond));
                commits[first + turn] = publisher.publishTimed(first + turn);
            }
        });
        return count * 1e9 / (System.nanoTime() - begun);
    }

    private static void pauseUntil(long nanos) {
        for (long left; (left = nanos - System.nanoTime()) > 0; ) {
            LockSupport.parkNanos(left);
        }
    }

    /** How many a duration takes. */
    public int count(Duration duration) {
        return (int) Math.max(10, Math.round(perSecond * duration.toMillis() / 1000));
    }

    /**
     * The latencies of the numbers of a range.
     *
     * @throws IllegalStateException if one of them was not received
     */
    public static Percentiles latencies(long[] commits, long[] received, int first, int count) {
        long missing = Arrays.stream(received, first, first + count)
                .filter(time -> time == 0)
                .count();
        if (missing > 0) {
            throw new IllegalStateException(missing + " of " + count + " events were not received");
        }
        return new Percentiles(IntStream.range(first, first + count)
                .mapToLong(number -> received[number] - commits[number])
                .toArray());
    }
}
