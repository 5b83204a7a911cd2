package io.pgevents.benchmark.scenario;

import io.pgevents.benchmark.contestant.Contestant;
import io.pgevents.benchmark.contestant.Target;
import io.pgevents.benchmark.measure.Rounds;
import io.pgevents.benchmark.measure.Samples;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * One session holds a snapshot and a transaction number open all the time, so that every dead row stays, while events
 * are published and handled; then the latency is measured on what has become of the table. In turns with the same
 * without such a session, which ends with its turn: an open transaction holds back the whole server.
 */
final class PinnedScenario implements Scenario {

    private static final String FREE = "unpinned";
    private static final String PINNED = "pinned";
    private static final String RATE = "Publish and handle at the same time";

    @Override
    public String name() {
        return "pinned";
    }

    @Override
    public String question() {
        return "What does a forgotten open transaction do to the bus?";
    }

    @Override
    public List<String> figures() {
        return List.of("pinned.rate.vs_unpinned", "pinned.p99.vs_unpinned", PinnedKeys.FIGURE);
    }

    /** What one run has shown. */
    private record Outcome(Throughput.Result throughput, double p99Millis) {}

    @Override
    public void run(Bench bench, Findings findings) throws InterruptedException {
        Map<String, List<Outcome>> outcomes = new LinkedHashMap<>();
        Rounds rounds = bench.rounds();
        for (String name : List.of(FREE, PINNED)) {
            rounds.addCold(name, warmUp -> {
                Outcome outcome = measure(bench, findings, name);
                outcomes.computeIfAbsent(name, key -> new ArrayList<>()).add(outcome);
                return outcome.throughput().lastTenth();
            });
        }
        PinnedKeys.add(bench, findings, rounds);
        rounds.run(bench.effort().pick(1, 3));
        findings.problems(rounds.failures());
        Map<String, Samples> rate = report(
                findings,
                outcomes,
                RATE,
                "events/s",
                ", the last tenth",
                each -> each.throughput().lastTenth());
        report(
                findings,
                outcomes,
                RATE,
                "events/s",
                ", all",
                each -> each.throughput().whole());
        Map<String, Samples> p99 = report(
                findings, outcomes, "Latency at 1,000/s, 99 % of the events (p99)", "ms", "", Outcome::p99Millis);
        findings.ratio("pinned.rate.vs_unpinned", rate.get(PINNED), rate.get(FREE), Goal.atLeast(0.8));
        findings.ratio("pinned.p99.vs_unpinned", p99.get(PINNED), p99.get(FREE), Goal.atMost(2));
        findings.note("Events are published in batches of 100 and handled by a batch handler. "
                + outcomes.entrySet().stream()
                        .map(each -> each.getKey() + ": " + events(each.getValue()))
                        .collect(Collectors.joining("; "))
                + ".");
        PinnedKeys.report(findings, rounds.samples());
    }

    private static String events(List<Outcome> outcomes) {
        return outcomes.stream()
                .map(each -> String.format(
                        Locale.ROOT, "%,d events", each.throughput().events()))
                .collect(Collectors.joining(", "));
    }

    private static Map<String, Samples> report(
            Findings findings,
            Map<String, List<Outcome>> outcomes,
            String title,
            String unit,
            String suffix,
            ToDoubleFunction<Outcome> value) {
        Map<String, Samples> samples = new LinkedHashMap<>();
        outcomes.forEach((name, list) -> samples.put(
                name, new Samples(list.stream().mapToDouble(value).boxed().toList())));
        samples.forEach((name, each) -> findings.measured(title, unit, Map.of(name + suffix, each)));
        return samples;
    }

    private static Outcome measure(Bench bench, Findings findings, String name) throws Exception {
        int workers = bench.effort().workers();
        try (Database database = bench.server().freshDatabase()) {
            Bench.entered(findings, Roster.BATCH, open(database.target(), workers))
                    .close();
            database.settle();
            PinnedHorizon horizon = name.equals(PINNED) ? new PinnedHorizon(database) : null;
            try (horizon) {
                Throughput.Result throughput = throughput(
                        database,
                        open(database.target(), workers),
                        bench.effort().pick(150_000, 1_000_000),
                        bench.effort().seconds(5, 200));
                bench.say("%s: %.0f events/s, last tenth %.0f", name, throughput.whole(), throughput.lastTenth());
                double p99 = p99Millis(bench, findings, name, database.target());
                bench.say("%s: p99 %.2f ms at 1,000/s", name, p99);
                return new Outcome(throughput, p99);
            }
        }
    }

    /** Publishes and handles at the same time, and counts the effects. */
    static Throughput.Result throughput(Database database, Contestant opened, int events, Duration atMost)
            throws Exception {
        Throughput.Result result;
        try (Contestant contestant = opened) {
            result = new Throughput(events, atMost).run(contestant);
        }
        verify(database, result);
        return result;
    }

    private static Contestant open(Target target, int workers) {
        return new PgEventsContestant(Variant.BATCH, target, workers, workers + 24);
    }

    private static double p99Millis(Bench bench, Findings findings, String name, Target target) throws Exception {
        int workers = bench.effort().workers();
        Phase warmUp = new Phase(1_000, bench.effort().seconds(2, 5));
        Phase counted = new Phase(1_000, bench.effort().seconds(3, 12));
        try (Contestant publisher = open(target, workers)) {
            RemoteLatency.Measured measured =
                    new RemoteLatency(Roster.BATCH, workers, warmUp, List.of(counted)).measure(publisher, target);
            measured.doubts().forEach(doubt -> findings.problem(name + ": " + doubt));
            return measured.results().get(0).micros().at(99) / 1000.0;
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
}
