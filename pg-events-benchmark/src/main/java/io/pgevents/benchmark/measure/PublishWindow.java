package io.pgevents.benchmark.measure;

import io.pgevents.benchmark.contestant.Contestant;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Publishes as fast as possible for a time, while the consumers run.
 *
 * @param threads how many publish
 * @param batch events per transaction
 * @param warmUp the time that is not counted
 * @param window the time that is counted
 */
public record PublishWindow(int threads, int batch, Duration warmUp, Duration window) {

    /**
     * Publishes events numbered from {@code next} on.
     *
     * @return events per second, of which the commit was answered within the window
     */
    public double run(Contestant contestant, AtomicInteger next) throws Exception {
        AtomicLong counted = new AtomicLong();
        long begin = System.nanoTime() + warmUp.toNanos();
        long end = begin + window.toNanos();
        Parallel.run(threads, thread -> {
            long now = System.nanoTime();
            while (now < end) {
                contestant.publish(next.getAndAdd(batch), batch);
                now = System.nanoTime();
                if (now >= begin && now < end) {
                    counted.addAndGet(batch);
                }
            }
        });
        return counted.get() * 1e9 / window.toNanos();
    }
}
