package io.pgevents.benchmark.process;

import io.pgevents.benchmark.contestant.Contestant;
import io.pgevents.benchmark.contestant.Target;
import io.pgevents.benchmark.measure.Percentiles;
import io.pgevents.benchmark.measure.SteadyRate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
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

    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration LAST = Duration.ofSeconds(15);

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
     * @param phase what was wanted
     * @param micros latencies of those events that were received
     * @param perSecond the rate at which was published
     * @param missing how many events were not received
     * @param lastMicros how long after the last commit the last event was received
     */
    public record Result(Phase phase, Percentiles micros, double perSecond, int missing, long lastMicros) {

        /** Whether it was published at the wanted rate. */
        public boolean isAtRate() {
            return perSecond >= 0.95 * phase.perSecond();
        }
    }

    /**
     * What was measured.
     *
     * @param results one for each phase
     * @param tuning how the consumer is tuned
     * @param repeated how often an event was received again
     */
    public record Measured(List<Result> results, String tuning, int repeated) {

        /** What makes it doubtful. */
        public List<String> doubts() {
            List<String> doubts = new ArrayList<>();
            if (repeated > 0) {
                doubts.add(repeated + " events were received again");
            }
            for (Result each : results) {
                double wanted = each.phase().perSecond();
                if (!each.isAtRate()) {
                    doubts.add(String.format(
                            Locale.ROOT, "published %.0f instead of %.0f events per second", each.perSecond(), wanted));
                }
                if (each.missing() > 0) {
                    doubts.add(String.format(
                            Locale.ROOT, "%d events were not received at %.0f/s", each.missing(), wanted));
                }
            }
            return doubts;
        }
    }

    /** Measures; a result for each phase. */
    public Measured measure(Contestant publisher, Target target) throws Exception {
        int events = warmUp.count() + phases.stream().mapToInt(Phase::count).sum();
        long[] commits = new long[events];
        List<Double> rates = new ArrayList<>();
        try (ChildConsumer child = new ChildConsumer(consumer, target, workers, events)) {
            int first = publish(publisher, warmUp, commits, 0, new ArrayList<>());
            for (Phase phase : phases) {
                LockSupport.parkNanos(PAUSE.toNanos());
                first = publish(publisher, phase, commits, first, rates);
            }
            child.awaitAll(LAST);
            long[] received = child.finish();
            return new Measured(results(commits, received, rates), child.tuning(), child.repeated());
        }
    }

    private static int publish(Contestant publisher, Phase phase, long[] commits, int first, List<Double> rates)
            throws Exception {
        double rate = phase.rate().run(phase.count(), turn -> {
            commits[first + turn] = publisher.publishTimed(first + turn);
        });
        rates.add(rate);
        return first + phase.count();
    }

    private List<Result> results(long[] commits, long[] received, List<Double> rates) {
        List<Result> results = new ArrayList<>();
        int first = warmUp.count();
        for (Phase phase : phases) {
            int end = first + phase.count();
            int[] there = IntStream.range(first, end)
                    .filter(number -> received[number] != 0)
                    .toArray();
            if (there.length == 0) {
                throw new IllegalStateException("Of " + phase.count() + " events none was received");
            }
            Percentiles micros = new Percentiles(Arrays.stream(there)
                    .mapToLong(number -> received[number] - commits[number])
                    .toArray());
            results.add(new Result(
                    phase,
                    micros,
                    rates.get(results.size()),
                    phase.count() - there.length,
                    last(received, first, end) - last(commits, first, end)));
            first = end;
        }
        return results;
    }

    private static long last(long[] times, int first, int end) {
        return Arrays.stream(times, first, end).max().orElseThrow();
    }
}
