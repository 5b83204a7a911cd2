package io.pgevents.benchmark.scenario;

import static io.pgevents.benchmark.scenario.LatencyResults.IDLE;

import io.pgevents.benchmark.contestant.Contestant;
import io.pgevents.benchmark.contestant.Target;
import io.pgevents.benchmark.measure.Rounds;
import io.pgevents.benchmark.measure.Samples;
import io.pgevents.benchmark.process.NotifyListener;
import io.pgevents.benchmark.process.RemoteLatency;
import io.pgevents.benchmark.process.RemoteLatency.Measured;
import io.pgevents.benchmark.process.RemoteLatency.Phase;
import io.pgevents.benchmark.process.RemoteLatency.Result;
import io.pgevents.benchmark.report.Findings;
import io.pgevents.benchmark.report.Goal;
import io.pgevents.benchmark.roster.Roster;
import io.pgevents.benchmark.server.Database;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/**
 * From the commit of the publisher to the start of the handler in another process. The clock starts when pg-events and
 * the raw NOTIFY send their commit, and for the others when it has been answered, which is later.
 */
final class LatencyScenario implements Scenario {

    private static final int PUBLISHERS = 24;

    @Override
    public String name() {
        return "latency";
    }

    @Override
    public String question() {
        return "How long is it from a commit to the start of the handler in another process?";
    }

    @Override
    public List<String> figures() {
        return List.of("latency.idle.p50.vs_notify", "latency.1000.p99.ms");
    }

    @Override
    public void run(Bench bench, Findings findings) throws InterruptedException {
        LatencyResults results = new LatencyResults();
        Rounds rounds = bench.rounds();
        Phase idle = new Phase(IDLE, bench.effort().seconds(4, 10));
        Phase steady = new Phase(100, bench.effort().seconds(2, 8));
        Phase busy = new Phase(1_000, bench.effort().seconds(3, 10));
        Phase busiest = new Phase(5_000, bench.effort().seconds(3, 10));
        Publisher notifier = (target, workers) -> new NotifyListener(target);
        rounds.addCold(NotifyListener.NAME, warmUp -> {
            Measured measured = measure(bench, findings, NotifyListener.NAME, notifier, List.of(idle));
            results.add(NotifyListener.NAME, measured);
            return idleMillis(measured);
        });
        bench.roster()
                .take(Roster.SINGLE)
                .forEach((name, factory) -> rounds.addCold(name, warmUp -> {
                    Measured measured =
                            measure(bench, findings, name, factory::open, List.of(idle, steady, busy, busiest));
                    results.add(name, measured);
                    return idleMillis(measured);
                }));
        bench.roster().peers().forEach((name, factory) -> addPeer(bench, findings, rounds, results, name, factory));
        rounds.run(bench.effort().pick(1, 3));
        findings.problems(rounds.failures());
        report(findings, results);
    }

    private static void addPeer(
            Bench bench,
            Findings findings,
            Rounds rounds,
            LatencyResults results,
            String name,
            Contestant.Factory factory) {
        Phase idle = new Phase(IDLE, bench.effort().seconds(4, 6));
        List<Phase> phases = bench.effort().quick()
                ? List.of(idle)
                : List.of(idle, new Phase(100, Duration.ofSeconds(4)), new Phase(1_000, Duration.ofSeconds(4)));
        rounds.addCold(name, warmUp -> {
            if (handlesWhereItPublishes(bench, factory)) {
                results.remark(name + " is not measured, because it handles events only in the process that publishes"
                        + " them.");
                return 0;
            }
            Measured measured = measure(bench, findings, name, factory::open, phases);
            results.addPeer(name, measured);
            return idleMillis(measured);
        });
        rounds.limit(name, 1);
        if (bench.effort().quick()) {
            rounds.optional(name);
        }
    }

    private static boolean handlesWhereItPublishes(Bench bench, Contestant.Factory factory) throws Exception {
        try (Database database = bench.server().freshDatabase();
                Contestant contestant = factory.open(database.target(), 1)) {
            return contestant.handlesWhereItPublishes();
        }
    }

    /** Opens the publishing side. */
    @FunctionalInterface
    private interface Publisher {
        Contestant open(Target target, int workers) throws SQLException;
    }

    private static Measured measure(
            Bench bench, Findings findings, String name, Publisher publisher, List<Phase> phases) throws Exception {
        boolean peer = bench.roster().peers().containsKey(name);
        // Each time the consumer is a fresh process, whose code is compiled while it consumes.
        Phase warmUp = new Phase(peer ? 100 : 1_000, bench.effort().seconds(2, peer ? 4 : 12));
        RemoteLatency latency = new RemoteLatency(name, bench.effort().workers(), warmUp, phases);
        Measured measured;
        try (Database database = bench.server().freshDatabase();
                Contestant contestant = publisher.open(database.target(), PUBLISHERS)) {
            database.settle();
            measured = latency.measure(contestant, database.target());
        }
        findings.contestant(name, measured.tuning());
        for (Result each : measured.results()) {
            bench.say(
                    "%s: %d events at %.0f/s, p50 %.2f ms, p99 %.2f ms, the last %.2f s after its commit",
                    LatencyResults.label(name, each.phase().perSecond()),
                    each.micros().count(),
                    each.perSecond(),
                    each.micros().at(50) / 1000.0,
                    each.micros().at(99) / 1000.0,
                    each.lastMicros() / 1e6);
        }
        return measured;
    }

    private static double idleMillis(Measured measured) {
        return measured.results().get(0).micros().at(50) / 1000.0;
    }

    private static void report(Findings findings, LatencyResults results) {
        results.report(findings);
        findings.ratio(
                "latency.idle.p50.vs_notify",
                results.p50(Roster.SINGLE, IDLE),
                results.p50(NotifyListener.NAME, IDLE),
                Goal.atMost(2));
        Samples busy = results.p99(Roster.SINGLE, 1_000);
        if (busy != null) {
            findings.figure("latency.1000.p99.ms", busy, "ms", Goal.atMost(20));
        }
        findings.note("Idle means " + Math.round(IDLE) + " events per second. Both processes are warmed up before, by "
                + "1,000 events per second, for peers by 100. The settings are those of the consumer; " + PUBLISHERS
                + " threads publish where 4 do not suffice.");
    }
}
