package io.pgevents.benchmark.scenario;

import io.pgevents.benchmark.contestant.Contestant;
import io.pgevents.benchmark.measure.Drain;
import io.pgevents.benchmark.measure.Rounds;
import io.pgevents.benchmark.measure.Samples;
import io.pgevents.benchmark.report.Findings;
import io.pgevents.benchmark.report.Goal;
import io.pgevents.benchmark.roster.Roster;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A backlog of ready events is handled; the handler writes one row for each. Peers get a smaller backlog, which is in
 * their favour, because they would not come to its end in time.
 */
final class DrainScenario implements Scenario {

    private static final String TITLE = "Drain of a backlog";
    private static final String UNIT = "events/s";

    @Override
    public String name() {
        return "drain";
    }

    @Override
    public String question() {
        return "How fast are ready events handled, when each handling writes one row?";
    }

    @Override
    public List<String> figures() {
        return List.of(
                "drain.single.vs_raw", "drain.single.vs_best_peer", "drain.batch.vs_raw", "drain.leased.vs_best_peer");
    }

    @Override
    public void run(Bench bench, Findings findings) throws InterruptedException {
        Rounds rounds = bench.rounds();
        Map<String, Contestant.Factory> ours =
                bench.roster().take(Roster.SINGLE, Roster.RAW, Roster.BATCH, Roster.RAW_BATCH, Roster.LEASED);
        int many = bench.effort().pick(40_000, 200_000);
        int few = bench.effort().pick(3_000, 10_000);
        ours.forEach((name, factory) -> rounds.add(
                name,
                drain(
                        bench,
                        entering(findings, name, factory),
                        many,
                        bench.effort().seconds(6, 60))));
        bench.roster()
                .peers()
                .forEach((name, factory) -> bench.addPeer(
                        rounds,
                        name,
                        drain(
                                bench,
                                entering(findings, name, factory),
                                few,
                                bench.effort().seconds(4, 12))));
        Map<String, Samples> samples = rounds.run(bench.effort().pick(2, 5)).samples();
        findings.measured(TITLE, UNIT, samples);
        findings.problems(rounds.failures());
        figures(findings, samples, bestPeer(samples));
        findings.note(String.format(
                Locale.ROOT,
                "%,d ready events for pg-events and the raw loops, %,d for the others; %d workers for everybody.",
                many,
                few,
                bench.effort().workers()));
    }

    private static Contestant.Factory entering(Findings findings, String name, Contestant.Factory factory) {
        return (target, workers) -> Bench.entered(findings, name, factory.open(target, workers));
    }

    private static Rounds.Trial drain(Bench bench, Contestant.Factory factory, int events, Duration atMost) {
        int workers = bench.effort().workers();
        return warmUp -> Drain.of(warmUp ? Math.min(events, 2_000) : events, atMost)
                .run(bench.server(), target -> factory.open(target, workers))
                .rate();
    }

    /** The best peer, if all of them were measured: of some, the best may be missing. */
    private static @Nullable Samples bestPeer(Map<String, Samples> samples) {
        Set<String> peers = Roster.all().peers().keySet();
        if (!samples.keySet().containsAll(peers)) {
            return null;
        }
        return samples.entrySet().stream()
                .filter(each -> peers.contains(each.getKey()))
                .map(Map.Entry::getValue)
                .max(Comparator.comparingDouble(Samples::median))
                .orElse(null);
    }

    private static void figures(Findings findings, Map<String, Samples> samples, @Nullable Samples peer) {
        Samples single = samples.get(Roster.SINGLE);
        findings.ratio("drain.single.vs_raw", single, samples.get(Roster.RAW), Goal.atLeast(0.7));
        findings.ratio("drain.single.vs_best_peer", single, peer, Goal.atLeast(5));
        findings.ratio(
                "drain.batch.vs_raw", samples.get(Roster.BATCH), samples.get(Roster.RAW_BATCH), Goal.atLeast(0.8));
        findings.ratio("drain.leased.vs_best_peer", samples.get(Roster.LEASED), peer, null);
    }
}
