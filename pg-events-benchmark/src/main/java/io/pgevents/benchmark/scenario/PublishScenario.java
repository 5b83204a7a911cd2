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
import java.sql.SQLException;
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
    private static final Load SINGLE = new Load(32, 1);
    private static final Load BATCHES = new Load(4, 100);

    /** So many threads publish so many events per transaction. */
    private record Load(int threads, int batch) {

        private String title(String name) {
            return name + (batch == 1 ? "" : ", batches") + ", " + threads + (threads == 1 ? " thread" : " threads");
        }
    }

    @Override
    public String name() {
        return "publish";
    }

    @Override
    public String question() {
        return "How fast are events published, while consumers run and are woken?";
    }

    @Override
    public List<String> figures() {
        return List.of("publish.single32.vs_bare", "publish.batch.vs_raw");
    }

    @Override
    public void run(Bench bench, Findings findings) throws InterruptedException {
        Rounds rounds = bench.rounds();
        Map<String, Contestant.Factory> pair = pair(bench);
        for (Load load : List.of(SINGLE, BATCHES)) {
            pair.forEach(
                    (name, factory) -> rounds.add(load.title(name), publish(bench, findings, name, factory, load)));
        }
        for (int threads : bench.effort().quick() ? List.of(1) : List.of(1, 2, 4, 8, 16)) {
            pair.forEach((name, factory) -> besides(bench, findings, rounds, name, factory, new Load(threads, 1)));
        }
        bench.roster().peers().forEach((name, factory) -> {
            besides(bench, findings, rounds, name, factory, SINGLE);
            if (bench.effort().quick()) {
                rounds.optional(SINGLE.title(name));
            } else {
                besides(bench, findings, rounds, name, factory, BATCHES);
            }
        });
        rounds.run(bench.effort().pick(3, 7));
        findings.problems(rounds.failures());
        report(findings, rounds.samples());
    }

    /** Adds what no figure rests on; the code of pg-events and of the raw insert is warm from what the figures rest on. */
    private static void besides(
            Bench bench, Findings findings, Rounds rounds, String name, Contestant.Factory factory, Load load) {
        Rounds.Trial trial = publish(bench, findings, name, factory, load);
        if (isPeer(bench, name) && !bench.effort().quick()) {
            rounds.add(load.title(name), trial);
        } else {
            rounds.addCold(load.title(name), trial);
        }
        rounds.limit(load.title(name), 1);
    }

    private static boolean isPeer(Bench bench, String name) {
        return bench.roster().peers().containsKey(name);
    }

    private static void report(Findings findings, Map<String, Samples> samples) {
        samples.forEach((name, sample) -> {
            if (name.endsWith(SINGLE.title(""))) {
                findings.measured("Publish one event per transaction, 32 threads", UNIT, Map.of(name, sample));
            } else if (name.endsWith(BATCHES.title(""))) {
                findings.measured("Publish in batches of 100, 4 threads", UNIT, Map.of(name, sample));
            }
        });
        for (int threads : List.of(1, 2, 4, 8, 16, 32)) {
            for (String name : List.of(Roster.BATCH, Roster.RAW_BATCH)) {
                String title = new Load(threads, 1).title(name);
                Samples sample = samples.get(title);
                if (sample != null) {
                    findings.measured("Publish one event per transaction, by threads", UNIT, Map.of(title, sample));
                }
            }
        }
        findings.ratio(
                "publish.single32.vs_bare",
                samples.get(SINGLE.title(Roster.BATCH)),
                samples.get(SINGLE.title(Roster.RAW_BATCH)),
                Goal.atLeast(0.9));
        findings.ratio(
                "publish.batch.vs_raw",
                samples.get(BATCHES.title(Roster.BATCH)),
                samples.get(BATCHES.title(Roster.RAW_BATCH)),
                Goal.atLeast(0.8));
        findings.note(
                "Beside all publishers consumers run that write a row for each event; beside pg-events and the raw insert two,"
                        + " which take batches of 100. After each of their rounds it is checked that what was published is"
                        + " either handled, once, or still in the table.");
    }

    /** Both with the same number of consumers, and with a connection for each publisher. */
    private static Map<String, Contestant.Factory> pair(Bench bench) {
        Map<String, Contestant.Factory> pair = bench.roster().take(Roster.BATCH, Roster.RAW_BATCH);
        pair.replaceAll((name, factory) -> (target, publishers) -> name.equals(Roster.BATCH)
                ? new PgEventsContestant(Variant.BATCH, target, CONSUMERS, publishers + CONSUMERS + 2)
                : new RawLoop(true, target, CONSUMERS, publishers + CONSUMERS + 2));
        return pair;
    }

    private static Rounds.Trial publish(
            Bench bench, Findings findings, String name, Contestant.Factory factory, Load load) {
        boolean peer = isPeer(bench, name);
        Duration before = bench.effort().seconds(0.8, peer ? 1 : 1.5);
        Duration window = bench.effort().seconds(1, peer ? 2 : 3);
        // The code of a publisher is compiled while it publishes, for as long as that: the fewer events, the longer.
        Duration warm = bench.effort().seconds(0.8, peer ? 4 : load.batch == 1 ? 40 : 12);
        return warmUp -> {
            PublishWindow publish = warmUp
                    ? new PublishWindow(load.threads, load.batch, Duration.ZERO, warm)
                    : new PublishWindow(load.threads, load.batch, before, window);
            try (Database database = bench.server().freshDatabase()) {
                AtomicInteger published = new AtomicInteger();
                double rate;
                try (Contestant contestant = factory.open(database.target(), load.threads)) {
                    Bench.entered(findings, name, contestant);
                    database.settle();
                    contestant.consume(new Deliveries(MOST_EVENTS, 1));
                    rate = publish.run(contestant, published);
                }
                verify(database, published.get(), peer);
                return rate;
            }
        };
    }

    private static void verify(Database database, int published, boolean peer) throws SQLException {
        long effects = database.number("SELECT count(*) FROM effect");
        long twice = effects - database.number("SELECT count(DISTINCT number) FROM effect");
        if (twice > 0) {
            throw new IllegalStateException(twice + " effects were written twice");
        }
        if (!peer && effects + database.number("SELECT count(*) FROM event_queue") != published) {
            throw new IllegalStateException("Of " + published + " events " + effects
                    + " have an effect, and the others are not all in the table");
        }
    }
}
