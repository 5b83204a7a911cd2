package io.pgevents.benchmark.scenario;

import io.pgevents.benchmark.contestant.Contestant;
import io.pgevents.benchmark.contestant.Target;
import io.pgevents.benchmark.measure.Throughput;
import io.pgevents.benchmark.ours.PgEventsContestant;
import io.pgevents.benchmark.ours.Variant;
import io.pgevents.benchmark.process.RemoteLatency;
import io.pgevents.benchmark.process.RemoteLatency.Phase;
import io.pgevents.benchmark.report.Findings;
import io.pgevents.benchmark.report.Goal;
import io.pgevents.benchmark.roster.Roster;
import io.pgevents.benchmark.server.Database;
import io.pgevents.benchmark.server.PinnedHorizon;
import java.util.List;

/**
 * One session holds a snapshot and a transaction number open all the time, so that every dead row stays, while events
 * are published and handled; then the latency is measured on what has become of the table. The same without such a
 * session comes first: an open transaction holds back the whole server, so the two cannot be interleaved.
 */
final class PinnedScenario implements Scenario {

    @Override
    public String name() {
        return "pinned";
    }

    @Override
    public String question() {
        return "What does a forgotten open transaction do to the bus?";
    }

    /** What one of the two runs has shown. */
    private record Outcome(Throughput.Result throughput, double p99Millis) {}

    @Override
    public void run(Bench bench, Findings findings) throws Exception {
        Outcome free = measure(bench, "unpinned", false);
        Outcome pinned = measure(bench, "pinned", true);
        report(findings, "unpinned", free);
        report(findings, "pinned", pinned);
        findings.figure(
                "pinned.rate.vs_unpinned",
                pinned.throughput().lastTenth() / free.throughput().lastTenth(),
                "ratio",
                Goal.atLeast(0.8));
        findings.figure("pinned.p99.vs_unpinned", pinned.p99Millis() / free.p99Millis(), "ratio", Goal.atMost(2));
        findings.note("Events are published in batches of 100 and handled by a batch handler. Unpinned: "
                + free.throughput().events() + " events, pinned: "
                + pinned.throughput().events() + ".");
    }

    private static Outcome measure(Bench bench, String name, boolean pinned) throws Exception {
        int workers = bench.effort().workers();
        try (Database database = bench.server().freshDatabase()) {
            open(database.target(), workers).close();
            database.settle();
            PinnedHorizon horizon = pinned ? new PinnedHorizon(database) : null;
            try (horizon) {
                Throughput.Result throughput = throughput(bench, database);
                bench.say("%s: %.0f events/s, last tenth %.0f", name, throughput.whole(), throughput.lastTenth());
                double p99 = p99Millis(bench, database.target(), workers);
                bench.say("%s: p99 %.2f ms at 1,000/s", name, p99);
                return new Outcome(throughput, p99);
            }
        }
    }

    private static Throughput.Result throughput(Bench bench, Database database) throws Exception {
        int events = bench.effort().pick(150_000, 1_000_000);
        Throughput.Result result;
        try (Contestant contestant = open(database.target(), bench.effort().workers())) {
            result = new Throughput(events, bench.effort().seconds(5, 200)).run(contestant);
        }
        verify(database, result);
        return result;
    }

    private static Contestant open(Target target, int workers) {
        return new PgEventsContestant(Variant.BATCH, target, workers, workers + 24);
    }

    private static double p99Millis(Bench bench, Target target, int workers) throws Exception {
        Phase warmUp = new Phase(1_000, bench.effort().seconds(2, 5));
        Phase counted = new Phase(1_000, bench.effort().seconds(3, 20));
        try (Contestant publisher = open(target, workers)) {
            return new RemoteLatency(Roster.BATCH, workers, warmUp, List.of(counted))
                            .measure(publisher, target)
                            .get(0)
                            .micros()
                            .at(99)
                    / 1000.0;
        }
    }

    private static void verify(Database database, Throughput.Result throughput) throws Exception {
        long effects = database.number("SELECT count(DISTINCT number) FROM effect");
        long twice = database.number("SELECT count(*) FROM effect") - effects;
        if (twice > 0) {
            throw new IllegalStateException(twice + " effects were written twice");
        }
        if (effects != throughput.events()) {
            throw new IllegalStateException(
                    "Of " + throughput.events() + " events only " + effects + " have an effect");
        }
    }

    private static void report(Findings findings, String name, Outcome outcome) {
        findings.measured(
                "Publish and handle at the same time",
                "events/s",
                name + ", all",
                outcome.throughput().whole());
        findings.measured(
                "Publish and handle at the same time",
                "events/s",
                name + ", the last tenth",
                outcome.throughput().lastTenth());
        findings.measured("Latency at 1,000/s, 99 % of the events (p99)", "ms", name, outcome.p99Millis());
    }
}
