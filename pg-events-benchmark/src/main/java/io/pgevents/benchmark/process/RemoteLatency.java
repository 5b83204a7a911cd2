package io.pgevents.benchmark.process;

import io.pgevents.benchmark.contestant.Contestant;
import io.pgevents.benchmark.contestant.Target;
import io.pgevents.benchmark.measure.Percentiles;
import io.pgevents.benchmark.measure.SteadyRate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * Latencies from the commit in this process to the start of the handler in another, at several rates one after the
 * other. The first seconds warm both processes up and are not counted.
 *
 * @param consumer who consumes, by its name in the roster
 * @param workers how many events it may handle at the same time
 * @param warmUp what is published before anything is counted
 * @param phases what is measured
 */
public record RemoteLatency(String consumer, int workers, Phase warmUp, List<Phase> phases) {

    private static final Duration LAST = Duration.ofMillis(2500);

    /**
     * A rate for a time.
     *
     * @param perSecond events per second
     * @param duration how long
     */
    public record Phase(double perSecond, Duration duration) {

        private SteadyRate rate() {
            return new SteadyRate(perSecond, perSecond > 200 ? 24 : 4);
        }

        private int count() {
            return (int) Math.max(10, Math.round(perSecond * duration.toMillis() / 1000));
        }
    }

    /**
     * What one phase has shown.
     *
     * @param micros latencies
     * @param perSecond the rate that was reached
     */
    public record Result(Percentiles micros, double perSecond) {}

    /** Measures; a result for each phase. */
    public List<Result> measure(Contestant publisher, Target target) throws Exception {
        int events = warmUp.count() + phases.stream().mapToInt(Phase::count).sum();
        long[] commits = new long[events];
        long[] received;
        List<Double> rates = new ArrayList<>();
        try (ChildConsumer child = new ChildConsumer(consumer, target, workers, events)) {
            int first = publish(publisher, warmUp, commits, 0, new ArrayList<>());
            for (Phase phase : phases) {
                LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
                first = publish(publisher, phase, commits, first, rates);
            }
            LockSupport.parkNanos(LAST.toNanos());
            received = child.finish();
        }
        List<Result> results = new ArrayList<>();
        int first = warmUp.count();
        for (Phase phase : phases) {
            Percentiles micros = latencies(commits, received, first, phase.count());
            results.add(new Result(micros, rates.get(results.size())));
            first += phase.count();
        }
        return results;
    }

    private static int publish(Contestant publisher, Phase phase, long[] commits, int first, List<Double> rates)
            throws Exception {
        double rate = phase.rate().run(phase.count(), turn -> {
            commits[first + turn] = publisher.publishTimed(first + turn);
        });
        rates.add(rate);
        return first + phase.count();
    }

    private static Percentiles latencies(long[] commits, long[] received, int first, int count) {
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
