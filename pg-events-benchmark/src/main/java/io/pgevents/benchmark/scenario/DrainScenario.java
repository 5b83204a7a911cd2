package io.pgevents.benchmark.scenario;

import io.pgevents.benchmark.contestant.Contestant;
import io.pgevents.benchmark.measure.Drain;
import io.pgevents.benchmark.measure.Rounds;
import io.pgevents.benchmark.measure.Samples;
import io.pgevents.benchmark.report.Findings;
import io.pgevents.benchmark.report.Goal;
import io.pgevents.benchmark.roster.Roster;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A backlog of ready events is handled; the handler writes one row for each. Peers get a smaller backlog, because they
 * would not come to the end of the large one in time.
 */
final class DrainScenario implements Scenario {

    private static final String TITLE = "Drain of a backlog";
    private static final String PUBLISHING = "Published and handled at the same time";
    private static final String UNIT = "events/s";

    private final Set<String> withoutBacklog = new TreeSet<>();
    private final Set<String> cutOff = new TreeSet<>();

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
        withoutBacklog.clear();
        cutOff.clear();
        Rounds rounds = bench.rounds();
        Map<String, Contestant.Factory> ours =
                bench.roster().take(Roster.SINGLE, Roster.RAW, Roster.BATCH, Roster.RAW_BATCH, Roster.LEASED);
        int many = bench.effort().pick(40_000, 200_000);
        int few = bench.effort().pick(3_000, 10_000);
        ours.forEach((name, factory) -> rounds.add(
                name,
                drain(
                        bench,
                        findings,
                        name,
                        factory,
                        warmUp -> Drain.of(
                                warmUp ? bench.effort().pick(4_000, 40_000) : many,
                                bench.effort().seconds(15, 60)))));
        bench.roster()
                .peers()
                .forEach((name, factory) -> bench.addPeer(
                        rounds,
                        name,
                        drain(
                                bench,
                                findings,
                                name,
                                factory,
                                warmUp -> Drain.ofSome(
                                        warmUp ? 3_000 : few, bench.effort().seconds(8, 12)))));
        Map<String, Samples> samples = rounds.run(bench.effort().pick(2, 5)).samples();
        samples.forEach((name, sample) ->
                findings.measured(withoutBacklog.contains(name) ? PUBLISHING : TITLE, UNIT, Map.of(name, sample)));
        findings.problems(rounds.failures());
        String best = bestPeer(samples);
        figures(findings, samples, best == null ? null : samples.get(best));
        notes(bench, findings, many, few, best);
    }

    private void notes(Bench bench, Findings findings, int many, int few, @Nullable String best) {
        findings.note(String.format(
                Locale.ROOT,
                "%,d ready events for pg-events and the raw loops, %,d for the others; %d workers for everybody.",
                many,
                few,
                bench.effort().workers()));
        if (!withoutBacklog.isEmpty()) {
            findings.note("Without a backlog, because they handle events where they publish them: "
                    + String.join(", ", withoutBacklog) + ".");
        }
        if (!cutOff.isEmpty()) {
            findings.note("Not all events were handled in time, and the rate is that until then: "
                    + String.join(", ", cutOff) + ".");
        }
        if (best != null) {
            findings.note("The best peer is " + best + ".");
        }
    }

    /** The drain of a round. */
    @FunctionalInterface
    private interface Load {
        Drain of(boolean warmUp);
    }

    private Rounds.Trial drain(Bench bench, Findings findings, String name, Contestant.Factory factory, Load load) {
        int workers = bench.effort().workers();
        return warmUp -> {
            Drain.Result result = load.of(warmUp).run(bench.server(), target -> {
                Contestant contestant = Bench.entered(findings, name, factory.open(target, workers));
                if (contestant.handlesWhereItPublishes()) {
                    withoutBacklog.add(name);
                }
                return contestant;
            });
            if (!warmUp && !result.isComplete()) {
                cutOff.add(name);
            }
            return result.rate();
        };
    }

    /** The best peer, if all of them were measured: of some, the best may be missing. */
    private static @Nullable String bestPeer(Map<String, Samples> samples) {
        Set<String> peers = Roster.all().peers().keySet();
        if (!samples.keySet().containsAll(peers)) {
            return null;
        }
        return samples.entrySet().stream()
                .filter(each -> peers.contains(each.getKey()))
                .max(Comparator.comparingDouble(each -> each.getValue().median()))
                .map(Map.Entry::getKey)
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
