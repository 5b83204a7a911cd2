package io.pgevents.benchmark.scenario;

import io.pgevents.benchmark.contestant.Contestant;
import io.pgevents.benchmark.contestant.Target;
import io.pgevents.benchmark.measure.Rounds;
import io.pgevents.benchmark.measure.Samples;
import io.pgevents.benchmark.process.NotifyListener;
import io.pgevents.benchmark.process.RemoteLatency;
import io.pgevents.benchmark.process.RemoteLatency.Phase;
import io.pgevents.benchmark.process.RemoteLatency.Result;
import io.pgevents.benchmark.report.Findings;
import io.pgevents.benchmark.report.Goal;
import io.pgevents.benchmark.roster.Roster;
import io.pgevents.benchmark.server.Database;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * From the commit of the publisher to the start of the handler in another process. The clock starts when pg-events and
 * the raw NOTIFY send their commit, and for the others when it has been answered, which is later.
 */
final class LatencyScenario implements Scenario {

    private static final double IDLE = 3;
    private static final int PUBLISHERS = 24;

    private final Map<String, Map<String, List<Double>>> measured = new LinkedHashMap<>();
    private final Set<String> remarks = new LinkedHashSet<>();

    @Override
    public String name() {
        return "latency";
    }

    @Override
    public String question() {
        return "How long is it from a commit to the start of the handler in another process?";
    }

    @Override
    public void run(Bench bench, Findings findings) throws InterruptedException {
        measured.clear();
        Rounds rounds = bench.rounds();
        List<Phase> idle = List.of(new Phase(IDLE, bench.effort().seconds(4, 10)));
        List<Phase> slow = bench.effort().quick()
                ? idle
                : List.of(idle.get(0), new Phase(100, bench.effort().seconds(2, 8)));
        List<Phase> allRates = new ArrayList<>(idle);
        allRates.add(new Phase(100, bench.effort().seconds(2, 8)));
        allRates.add(new Phase(1_000, bench.effort().seconds(3, 10)));
        allRates.add(new Phase(5_000, bench.effort().seconds(3, 10)));
        rounds.addCold(NotifyListener.NAME, warmUp -> measure(bench, NotifyListener.NAME, this::notifier, idle));
        bench.roster()
                .take(Roster.SINGLE)
                .forEach((name, factory) -> rounds.addCold(
                        name, warmUp -> measure(bench, name, target -> factory.open(target, PUBLISHERS), allRates)));
        bench.roster()
                .peers()
                .forEach((name, factory) -> bench.addPeer(
                        rounds,
                        name,
                        warmUp -> measure(bench, name, target -> factory.open(target, PUBLISHERS), slow)));
        rounds.run(bench.effort().pick(1, 3));
        findings.problems(rounds.failures());
        report(findings);
    }

    private Contestant notifier(Target target) throws SQLException {
        return new NotifyListener(target);
    }

    /** Opens the publishing side. */
    @FunctionalInterface
    private interface Publisher {
        Contestant open(Target target) throws SQLException;
    }

    private double measure(Bench bench, String name, Publisher publisher, List<Phase> phases) throws Exception {
        Phase warmUp = new Phase(
                bench.roster().peers().containsKey(name) ? 100 : 1_000,
                bench.effort().seconds(2, 5));
        RemoteLatency latency = new RemoteLatency(name, bench.effort().workers(), warmUp, phases);
        List<Result> results;
        try (Database database = bench.server().freshDatabase();
                Contestant contestant = publisher.open(database.target())) {
            if (contestant.handlesWhereItPublishes()) {
                remarks.add(name + " handles events only in the process that publishes them: not measured.");
                return 0;
            }
            database.settle();
            results = latency.measure(contestant, database.target());
        }
        for (int at = 0; at < phases.size(); at++) {
            double rate = phases.get(at).perSecond();
            String label = name + ", " + (rate == IDLE ? "idle" : String.format(Locale.ROOT, "%,.0f/s", rate));
            Result result = results.get(at);
            add("p50", label, result.micros().at(50) / 1000.0);
            add("p99", label, result.micros().at(99) / 1000.0);
            add("rate", label, result.perSecond());
            bench.say(
                    "%s: %d events at %.0f/s, p50 %.2f ms, p99 %.2f ms",
                    label,
                    result.micros().count(),
                    result.perSecond(),
                    result.micros().at(50) / 1000.0,
                    result.micros().at(99) / 1000.0);
        }
        return results.get(0).micros().at(50) / 1000.0;
    }

    private void add(String group, String label, double millis) {
        measured.computeIfAbsent(group, key -> new LinkedHashMap<>())
                .computeIfAbsent(label, key -> new ArrayList<>())
                .add(millis);
    }

    private void report(Findings findings) {
        Map<String, Samples> p50 = samples("p50");
        Map<String, Samples> p99 = samples("p99");
        findings.measured("Latency, half of the events (p50)", "ms", p50);
        findings.measured("Latency, 99 % of the events (p99)", "ms", p99);
        findings.measured("Rate that was reached", "events/s", samples("rate"));
        findings.ratio(
                "latency.idle.p50.vs_notify",
                p50.get(Roster.SINGLE + ", idle"),
                p50.get(NotifyListener.NAME + ", idle"),
                Goal.atMost(2));
        Samples busy = p99.get(Roster.SINGLE + ", 1,000/s");
        if (busy != null) {
            findings.figure("latency.1000.p99.ms", busy.median(), "ms", Goal.atMost(20));
        }
        findings.note(
                "Idle means " + Math.round(IDLE) + " events per second. The warm-up of both processes is not counted.");
    }

    private Map<String, Samples> samples(String group) {
        Map<String, Samples> samples = new LinkedHashMap<>();
        measured.getOrDefault(group, Map.of()).forEach((label, values) -> samples.put(label, new Samples(values)));
        return samples;
    }
}
