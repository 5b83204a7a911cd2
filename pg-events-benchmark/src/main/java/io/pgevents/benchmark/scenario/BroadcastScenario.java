package io.pgevents.benchmark.scenario;

import io.pgevents.benchmark.measure.Parallel;
import io.pgevents.benchmark.measure.Percentiles;
import io.pgevents.benchmark.measure.Rounds;
import io.pgevents.benchmark.measure.Samples;
import io.pgevents.benchmark.measure.SteadyRate;
import io.pgevents.benchmark.ours.LiveInstance;
import io.pgevents.benchmark.report.Findings;
import io.pgevents.benchmark.report.Goal;
import io.pgevents.benchmark.server.Database;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Business transactions that write one row, with a broadcast and without, and how long a broadcast is on its way. */
final class BroadcastScenario implements Scenario {

    private static final int WRITERS = 16;
    private static final int INSTANCES = 8;
    private static final int PER_SECOND = 1000;
    private static final String WITHOUT = "16 writers without broadcasts";
    private static final String WITH = "16 writers, each transaction with a broadcast";

    @Override
    public String name() {
        return "broadcast";
    }

    @Override
    public String question() {
        return "What do broadcasts cost the transactions they come from, and how long are they on their way?";
    }

    @Override
    public List<String> figures() {
        return List.of("broadcast.writers.vs_without", "broadcast.1000.p99.ms");
    }

    @Override
    public void run(Bench bench, Findings findings) throws Exception {
        Rounds rounds = bench.rounds();
        rounds.add(WITHOUT, warmUp -> write(bench, findings, false, warmUp));
        rounds.add(WITH, warmUp -> write(bench, findings, true, warmUp));
        rounds.run(bench.effort().pick(3, 7));
        Map<String, Samples> samples = rounds.samples();
        findings.measured("Business transactions", "1/s", samples);
        findings.problems(rounds.failures());
        findings.ratio("broadcast.writers.vs_without", samples.get(WITH), samples.get(WITHOUT), Goal.atLeast(0.8));
        findings.contestant("pg-events", "one broadcast handler, default settings");
        reportTravel(bench, findings);
        findings.note(
                "Each writer's transaction inserts one row, and all broadcasts are received by the one instance; they"
                        + " are counted after the round. The time on the way is from the sending of the commit to the start of the"
                        + " handler, in each of 8 instances in one process.");
    }

    private static double write(Bench bench, Findings findings, boolean broadcast, boolean warmUp) throws Exception {
        Duration window = warmUp ? bench.effort().seconds(1, 2) : bench.effort().seconds(3, 8);
        try (Database database = bench.server().freshDatabase();
                LiveInstance instance = new LiveInstance(database.target(), WRITERS + 4, 0)) {
            database.settle();
            AtomicInteger next = new AtomicInteger();
            AtomicLong counted = new AtomicLong();
            long begin = System.nanoTime() + window.toNanos() / 4;
            long end = begin + window.toNanos();
            Parallel.run(WRITERS, writer -> {
                for (long now = System.nanoTime(); now < end; now = System.nanoTime()) {
                    instance.write(next.getAndIncrement(), broadcast);
                    if (now >= begin) {
                        counted.incrementAndGet();
                    }
                }
            });
            if (broadcast && !warmUp) {
                await(instance, next.get());
                verify(findings, instance, next.get());
            }
            return counted.get() * 1e9 / window.toNanos();
        }
    }

    /** What one round of broadcasts has shown. */
    private record Travel(Percentiles micros, double perSecond) {}

    private static void reportTravel(Bench bench, Findings findings) throws Exception {
        List<Travel> rounds = new ArrayList<>();
        for (int round = 0; round < bench.effort().pick(1, 3); round++) {
            rounds.add(travel(bench));
        }
        String title = String.format("1,000 broadcasts/s to %d instances", INSTANCES);
        findings.measured(title, "ms", Map.of("p50", millis(rounds, 50)));
        findings.measured(title, "ms", Map.of("p99", millis(rounds, 99)));
        findings.measured(title, "ms", Map.of("longest", millis(rounds, 100)));
        findings.figure("broadcast.1000.p99.ms", millis(rounds, 99), "ms", Goal.atMost(50));
        rounds.stream()
                .filter(round -> round.perSecond() < PER_SECOND * 0.95)
                .forEach(round -> findings.problem(
                        String.format(Locale.ROOT, "Only %.0f broadcasts were sent per second", round.perSecond())));
    }

    private static Samples millis(List<Travel> rounds, double percent) {
        return new Samples(rounds.stream()
                .map(round -> round.micros().at(percent) / 1000.0)
                .toList());
    }

    private static Travel travel(Bench bench) throws Exception {
        try (Database database = bench.server().freshDatabase()) {
            List<LiveInstance> instances = new ArrayList<>();
            try {
                return travel(bench, database, instances);
            } finally {
                instances.forEach(LiveInstance::close);
            }
        }
    }

    private static Travel travel(Bench bench, Database database, List<LiveInstance> instances) throws Exception {
        int warmUp = bench.effort().pick(3_000, 10_000);
        int events = bench.effort().pick(8_000, 30_000);
        for (int count = 0; count < INSTANCES; count++) {
            instances.add(new LiveInstance(database.target(), 4, warmUp + events));
        }
        database.settle();
        long[] sentAt = new long[warmUp + events];
        double reached = new SteadyRate(PER_SECOND, 4)
                .run(
                        warmUp + events,
                        turn -> sentAt[turn] = instances.get(turn % INSTANCES).write(turn, true));
        awaitAll(instances, warmUp + events);
        return new Travel(times(instances, sentAt, warmUp), reached);
    }

    private static Percentiles times(List<LiveInstance> instances, long[] sentAt, int warmUp) {
        int events = sentAt.length - warmUp;
        long[] times = new long[events * instances.size()];
        for (int instance = 0; instance < instances.size(); instance++) {
            for (int event = 0; event < events; event++) {
                times[instance * events + event] =
                        instances.get(instance).receivedAt(warmUp + event) - sentAt[warmUp + event];
            }
        }
        return new Percentiles(times);
    }

    /** What was dropped because the handler was too slow, as it was told, makes a result doubtful; a loss is a failure. */
    private static void verify(Findings findings, LiveInstance instance, int events) {
        String found = String.format(
                Locale.ROOT,
                "Of %,d broadcasts %,d were received, with %d gaps",
                events,
                instance.received(),
                instance.missed());
        if (instance.received() != events && instance.missed() == 0) {
            throw new IllegalStateException(found);
        }
        if (instance.missed() > 0) {
            findings.problem(found + ": the queue of the one handler was full.");
        }
    }

    private static void awaitAll(List<LiveInstance> instances, int events) {
        for (LiveInstance each : instances) {
            await(each, events);
            if (each.received() != events) {
                throw new IllegalStateException("Of " + events + " broadcasts " + each.received()
                        + " were received, with " + each.missed() + " gaps");
            }
        }
    }

    private static void await(LiveInstance instance, int events) {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (instance.received() < events && instance.missed() == 0 && System.nanoTime() < deadline) {
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        }
    }
}
