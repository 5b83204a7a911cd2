package io.pgevents.benchmark.measure;

import io.pgevents.benchmark.contestant.Contestant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Publishes in batches of 100 and handles at the same time, as fast as possible. Publishers wait when they are some
 * thousand events ahead, so that the queue stays short.
 *
 * @param events how many, if the time suffices
 * @param atMost when no more are published
 */
public record Throughput(int events, Duration atMost) {

    private static final int PUBLISHERS = 2;
    private static final int BATCH = 100;
    private static final int AHEAD = 5_000;
    private static final long STEP_NANOS = Duration.ofMillis(20).toNanos();

    /**
     * What was reached.
     *
     * @param events how many were published and handled
     * @param lastTenth events per second, over the last tenth of them
     * @param whole events per second, over all but the first tenth
     */
    public record Result(int events, double lastTenth, double whole) {}

    private record Sample(long nanos, int count) {}

    /** Publishes, and waits until everything is handled. */
    public Result run(Contestant contestant) throws Exception {
        Deliveries received = new Deliveries(events, 1);
        contestant.consume(received);
        long deadline = System.nanoTime() + atMost.toNanos();
        AtomicInteger next = new AtomicInteger();
        List<Sample> samples = new ArrayList<>();
        Parallel.run(PUBLISHERS + 1, thread -> {
            if (thread == PUBLISHERS) {
                watch(received, next, deadline, samples);
            } else {
                publish(contestant, received, next, deadline);
            }
        });
        Sample last = samples.get(samples.size() - 1);
        return new Result(last.count, rateFrom(samples, last.count * 9 / 10), rateFrom(samples, last.count / 10));
    }

    private void publish(Contestant contestant, Deliveries received, AtomicInteger next, long deadline)
            throws Exception {
        while (System.nanoTime() < deadline) {
            if (next.get() - received.count() > AHEAD) {
                LockSupport.parkNanos(STEP_NANOS / 10);
                continue;
            }
            int first = next.getAndAdd(BATCH);
            if (first + BATCH > events) {
                next.addAndGet(-BATCH);
                return;
            }
            contestant.publish(first, BATCH);
        }
    }

    private void watch(Deliveries received, AtomicInteger next, long deadline, List<Sample> samples) {
        long patience = deadline + Duration.ofSeconds(10).toNanos();
        while (true) {
            samples.add(new Sample(System.nanoTime(), received.count()));
            boolean published = System.nanoTime() > deadline || next.get() + BATCH > events;
            if (published && received.count() >= next.get()) {
                return;
            }
            if (System.nanoTime() > patience) {
                throw new IllegalStateException((next.get() - received.count()) + " events were not received");
            }
            LockSupport.parkNanos(STEP_NANOS);
        }
    }

    private static double rateFrom(List<Sample> samples, int count) {
        Sample last = samples.get(samples.size() - 1);
        Sample from = samples.stream()
                .filter(sample -> sample.count >= count)
                .findFirst()
                .orElse(last);
        return (last.count - from.count) * 1e9 / (last.nanos - from.nanos);
    }
}
