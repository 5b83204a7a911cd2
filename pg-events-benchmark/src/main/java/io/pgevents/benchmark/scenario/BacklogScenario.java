package io.pgevents.benchmark.scenario;

import io.pgevents.benchmark.contestant.Contestant;
import io.pgevents.benchmark.contestant.Target;
import io.pgevents.benchmark.measure.BackloggedQueue;
import io.pgevents.benchmark.measure.Deliveries;
import io.pgevents.benchmark.measure.Drain;
import io.pgevents.benchmark.measure.Rounds;
import io.pgevents.benchmark.measure.Samples;
import io.pgevents.benchmark.ours.ClaimCost;
import io.pgevents.benchmark.ours.PgEventsContestant;
import io.pgevents.benchmark.ours.Variant;
import io.pgevents.benchmark.report.Findings;
import io.pgevents.benchmark.report.Goal;
import io.pgevents.benchmark.roster.Roster;
import io.pgevents.benchmark.server.Database;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * A full queue beside an empty one: the same number of events is drained in both, round by round; in the full one many
 * more are pending, scheduled, failed or kept.
 */
final class BacklogScenario implements Scenario {

    private static final Variant VARIANT = Variant.SINGLE.withRetention(Duration.ofHours(1));
    private static final String EMPTY = "nothing else in the table";
    private static final String FULL = "a full table";

    @Override
    public String name() {
        return "backlog";
    }

    @Override
    public String question() {
        return "Does a claim cost more, when millions of events wait, are scheduled, have failed or are kept?";
    }

    @Override
    public List<String> figures() {
        return List.of("backlog.rate.vs_empty");
    }

    @Override
    public void run(Bench bench, Findings findings) throws Exception {
        Rounds rounds = bench.rounds();
        BackloggedQueue size = new BackloggedQueue(
                bench.effort().pick(1_000_000, 10_000_000), bench.effort().pick(100_000, 1_000_000));
        int window = bench.effort().pick(15_000, 200_000);
        int warm = bench.effort().pick(1_500, 40_000);
        try (Database small = bench.server().freshDatabase();
                Database full = bench.server().freshDatabase()) {
            prepare(bench, small, new BackloggedQueue(window, 0));
            prepare(bench, full, size);
            findings.measured("Pages read by a claim of 100", "pages", EMPTY, (double) ClaimCost.pages(small));
            findings.measured("Pages read by a claim of 100", "pages", FULL, (double) ClaimCost.pages(full));
            rounds.add(
                    EMPTY,
                    warmUp -> Drain.of(warmUp ? warm : window, bench.effort().seconds(15, 60))
                            .run(bench.server(), target -> Bench.entered(findings, Roster.SINGLE, open(bench, target)))
                            .rate());
            rounds.add(FULL, warmUp -> drainSome(bench, full, size.pending(), warmUp ? warm : window));
            rounds.run(bench.effort().pick(3, 5));
            findings.problems(rounds.failures());
            verify(full, size.others());
        }
        Map<String, Samples> samples = rounds.samples();
        findings.measured("Drain", "events/s", samples);
        findings.ratio("backlog.rate.vs_empty", samples.get(FULL), samples.get(EMPTY), Goal.atLeast(0.8));
        findings.note(String.format(
                Locale.ROOT,
                "The full table begins with %,d pending events, and %,d each that are scheduled, failed and done.",
                size.pending(),
                size.others()));
    }

    private static Contestant open(Bench bench, Target target) {
        int workers = bench.effort().workers();
        return new PgEventsContestant(VARIANT, target, workers, workers + 4);
    }

    private static void prepare(Bench bench, Database database, BackloggedQueue queue) throws Exception {
        long begun = System.nanoTime();
        open(bench, database.target()).close();
        queue.fill(database);
        bench.say("%,d pending events loaded in %.0f s", queue.pending(), (System.nanoTime() - begun) / 1e9);
    }

    private static double drainSome(Bench bench, Database database, int pending, int events) throws Exception {
        database.execute("CHECKPOINT");
        Deliveries received = new Deliveries(pending, events / 10);
        long deadline = System.nanoTime() + bench.effort().seconds(10, 60).toNanos();
        try (Contestant contestant = open(bench, database.target())) {
            contestant.consume(received);
            while (received.count() < events && System.nanoTime() < deadline) {
                LockSupport.parkNanos(100_000);
            }
            int count = received.count();
            return received.rateUntil(System.nanoTime(), count);
        }
    }

    private static void verify(Database database, int doneBefore) throws Exception {
        long twice = database.number("SELECT count(*) - count(DISTINCT number) FROM effect");
        long done = database.number("SELECT count(*) FROM event_queue WHERE status = 'done'") - doneBefore;
        if (twice != 0) {
            throw new IllegalStateException(twice + " effects were written twice");
        }
        if (done != database.number("SELECT count(*) FROM effect")) {
            throw new IllegalStateException("There are not as many effects as finished events");
        }
    }
}
