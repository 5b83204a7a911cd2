package io.pgevents.benchmark.scenario;

import io.pgevents.benchmark.measure.Drain;
import io.pgevents.benchmark.measure.Rounds;
import io.pgevents.benchmark.measure.Samples;
import io.pgevents.benchmark.ours.Cluster;
import io.pgevents.benchmark.ours.RawLoop;
import io.pgevents.benchmark.ours.Variant;
import io.pgevents.benchmark.report.Findings;
import io.pgevents.benchmark.report.Goal;
import io.pgevents.benchmark.roster.Roster;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The same backlog is drained by one, two and four instances. They live in one process, each with a pool and a
 * listening connection of its own, so that all of them have warm code. Beside them, the raw loop with as many threads as
 * the fewest and the most instances have.
 */
final class ScaleScenario implements Scenario {

    private static final List<Integer> INSTANCES = List.of(1, 2, 4);
    private static final List<Integer> CONCURRENCIES = List.of(2, 16);

    @Override
    public String name() {
        return "scale";
    }

    @Override
    public String question() {
        return "Do more instances ever make the whole slower?";
    }

    @Override
    public List<String> figures() {
        return List.of("scale.worst.vs_one");
    }

    @Override
    public void run(Bench bench, Findings findings) throws InterruptedException {
        Rounds rounds = bench.rounds();
        for (int concurrency : CONCURRENCIES) {
            for (int instances : INSTANCES) {
                Rounds.Trial trial = warmUp -> drain(bench, findings, instances, concurrency, warmUp);
                if (bench.effort().quick() && instances > 1) {
                    rounds.addCold(title(instances, concurrency), trial);
                } else {
                    rounds.add(title(instances, concurrency), trial);
                }
            }
        }
        if (!bench.effort().quick()) {
            int most = CONCURRENCIES.get(1);
            for (int threads : List.of(most, INSTANCES.get(2) * most)) {
                rounds.add("raw loop, " + threads + " threads", warmUp -> drainRaw(bench, findings, threads, warmUp));
            }
        }
        rounds.run(bench.effort().pick(2, 5));
        Map<String, Samples> samples = rounds.samples();
        findings.measured("Drain by several instances", "events/s", samples);
        findings.problems(rounds.failures());
        worst(findings, samples);
    }

    /** The worst of the ratios to one instance, as a figure. */
    private static void worst(Findings findings, Map<String, Samples> samples) {
        Samples worst = null;
        Samples reference = null;
        for (int concurrency : CONCURRENCIES) {
            for (int instances : INSTANCES) {
                Samples one = samples.get(title(1, concurrency));
                Samples several = samples.get(title(instances, concurrency));
                if (instances > 1 && one != null && several != null && isWorse(several, one, worst, reference)) {
                    worst = several;
                    reference = one;
                }
            }
        }
        findings.ratio("scale.worst.vs_one", worst, reference, Goal.atLeast(0.9));
    }

    private static boolean isWorse(Samples several, Samples one, @Nullable Samples worst, @Nullable Samples reference) {
        return worst == null
                || reference == null
                || several.median() / one.median() < worst.median() / reference.median();
    }

    private static String title(int instances, int concurrency) {
        return instances + (instances == 1 ? " instance" : " instances") + ", concurrency " + concurrency;
    }

    private static double drain(Bench bench, Findings findings, int instances, int concurrency, boolean warmUp)
            throws Exception {
        return drain(bench, warmUp)
                .run(
                        bench.server(),
                        target -> Bench.entered(
                                findings, Roster.SINGLE, new Cluster(instances, Variant.SINGLE, target, concurrency)))
                .rate();
    }

    /** What so many connections alone do to this machine. */
    private static double drainRaw(Bench bench, Findings findings, int threads, boolean warmUp) throws Exception {
        return drain(bench, warmUp)
                .run(
                        bench.server(),
                        target -> Bench.entered(findings, Roster.RAW, new RawLoop(false, target, threads, threads + 4)))
                .rate();
    }

    private static Drain drain(Bench bench, boolean warmUp) {
        return Drain.of(
                warmUp ? bench.effort().pick(2_000, 40_000) : bench.effort().pick(20_000, 200_000),
                bench.effort().seconds(15, 60));
    }
}
