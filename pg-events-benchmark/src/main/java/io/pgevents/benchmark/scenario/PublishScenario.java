package io.pgevents.benchmark.scenario;

import io.pgevents.benchmark.contestant.Contestant;
import io.pgevents.benchmark.measure.Deliveries;
import io.pgevents.benchmark.measure.PublishWindow;
import io.pgevents.benchmark.measure.Rounds;
import io.pgevents.benchmark.measure.Samples;
import io.pgevents.benchmark.ours.PgEventsContestant;
import io.pgevents.benchmark.ours.RawLoop;
import io.pgevents.benchmark.ours.Variant;
import io.pgevents.benchmark.report.Findings;
import io.pgevents.benchmark.report.Goal;
import io.pgevents.benchmark.roster.Roster;
import io.pgevents.benchmark.server.Database;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Publishes in transactions while consumers run. The reference inserts the same row into the same table with the same
 * indexes, but without any trigger, while a consumer written by hand drains it: the load beside is of the same kind.
 */
final class PublishScenario implements Scenario {

    private static final String UNIT = "events/s";
    private static final int CONSUMERS = 2;
    private static final int MOST_EVENTS = 5_000_000;

    @Override
    public String name() {
        return "publish";
    }

    @Override
    public String question() {
        return "How fast are events published, while consumers run and are woken?";
    }

    @Override
    public void run(Bench bench, Findings findings) throws InterruptedException {
        List<Integer> threads = bench.effort().quick() ? List.of(1, 32) : List.of(1, 2, 4, 8, 16, 32);
        Map<String, Contestant.Factory> pair = pair(bench);
        Rounds rounds = bench.rounds();
        for (int count : threads) {
            pair.forEach((name, factory) -> rounds.add(title(name, count, 1), publish(bench, factory, count, 1)));
        }
        pair.forEach((name, factory) -> rounds.add(title(name, 4, 100), publish(bench, factory, 4, 100)));
        bench.roster().peers().forEach((name, factory) -> {
            bench.addPeer(rounds, title(name, 32, 1), publish(bench, factory, 32, 1));
            if (!bench.effort().quick()) {
                bench.addPeer(rounds, title(name, 4, 100), publish(bench, factory, 4, 100));
            }
        });
        rounds.run(bench.effort().pick(3, 5));
        Map<String, Samples> samples = rounds.samples();
        samples.forEach((name, sample) -> findings.measured(
                name.contains("batches") ? "Publish in batches of 100" : "Publish one event per transaction",
                UNIT,
                Map.of(name, sample)));
        findings.problems(rounds.failures());
        findings.ratio(
                "publish.single32.vs_bare",
                samples.get(title(Roster.BATCH, 32, 1)),
                samples.get(title(Roster.RAW_BATCH, 32, 1)),
                Goal.atLeast(0.9));
        findings.ratio(
                "publish.batch.vs_raw",
                samples.get(title(Roster.BATCH, 4, 100)),
                samples.get(title(Roster.RAW_BATCH, 4, 100)),
                Goal.atLeast(0.8));
        findings.note(
                "Beside all publishers consumers run that write a row for each event; beside pg-events and the raw insert two,"
                        + " which take batches of 100.");
    }

    /** Both with the same number of consumers, and with a connection for each publisher. */
    private static Map<String, Contestant.Factory> pair(Bench bench) {
        Map<String, Contestant.Factory> pair = bench.roster().take(Roster.BATCH, Roster.RAW_BATCH);
        pair.replaceAll((name, factory) -> (target, publishers) -> name.equals(Roster.BATCH)
                ? new PgEventsContestant(Variant.BATCH, target, CONSUMERS, publishers + CONSUMERS + 2)
                : new RawLoop(true, target, CONSUMERS, publishers + CONSUMERS + 2));
        return pair;
    }

    private static String title(String name, int threads, int batch) {
        return name + (batch == 1 ? "" : ", batches") + ", " + threads + (threads == 1 ? " thread" : " threads");
    }

    private static Rounds.Trial publish(Bench bench, Contestant.Factory factory, int threads, int batch) {
        Duration before = bench.effort().seconds(0.8, 1.5);
        Duration window = bench.effort().seconds(1, 3);
        return warmUp -> publish(
                bench,
                factory,
                warmUp
                        ? new PublishWindow(threads, batch, Duration.ZERO, before)
                        : new PublishWindow(threads, batch, before, window));
    }

    private static double publish(Bench bench, Contestant.Factory factory, PublishWindow window) throws Exception {
        try (Database database = bench.server().freshDatabase()) {
            AtomicInteger next = new AtomicInteger();
            double rate;
            try (Contestant contestant = factory.open(database.target(), window.threads())) {
                database.settle();
                contestant.consume(new Deliveries(MOST_EVENTS, 1));
                rate = window.run(contestant, next);
            }
            long twice = database.number("SELECT count(*) - count(DISTINCT number) FROM effect");
            if (twice > 0) {
                throw new IllegalStateException(twice + " effects were written twice");
            }
            return rate;
        }
    }
}
