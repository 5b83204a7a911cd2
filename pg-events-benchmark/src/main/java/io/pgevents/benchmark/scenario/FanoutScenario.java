package io.pgevents.benchmark.scenario;

import io.pgevents.benchmark.measure.Drain;
import io.pgevents.benchmark.measure.Rounds;
import io.pgevents.benchmark.measure.Samples;
import io.pgevents.benchmark.ours.PgEventsContestant;
import io.pgevents.benchmark.ours.Variant;
import io.pgevents.benchmark.report.Findings;
import io.pgevents.benchmark.report.Goal;
import io.pgevents.benchmark.roster.Roster;
import java.util.List;
import java.util.Map;

/**
 * One topic with several subscriptions: the same number of deliveries, made by fewer events. The cost of a delivery is
 * the time for publishing and handling divided by the number of deliveries.
 */
final class FanoutScenario implements Scenario {

    @Override
    public String name() {
        return "fanout";
    }

    @Override
    public String question() {
        return "What does a delivery cost, if an event has several subscriptions?";
    }

    @Override
    public List<String> figures() {
        return List.of("fanout.10.cost_per_delivery.vs_1");
    }

    @Override
    public void run(Bench bench, Findings findings) throws InterruptedException {
        Rounds rounds = bench.rounds();
        for (int subscriptions : List.of(1, 3, 10)) {
            rounds.add(title(subscriptions), warmUp -> costMicros(bench, findings, subscriptions, warmUp));
        }
        rounds.run(bench.effort().pick(3, 7));
        Map<String, Samples> samples = rounds.samples();
        findings.measured("Cost of a delivery, published and handled", "µs", samples);
        findings.problems(rounds.failures());
        findings.ratio(
                "fanout.10.cost_per_delivery.vs_1", samples.get(title(10)), samples.get(title(1)), Goal.atMost(1));
    }

    private static String title(int subscriptions) {
        return subscriptions == 1 ? "1 subscription" : subscriptions + " subscriptions";
    }

    private static double costMicros(Bench bench, Findings findings, int subscriptions, boolean warmUp)
            throws Exception {
        int deliveries =
                warmUp ? bench.effort().pick(6_000, 60_000) : bench.effort().pick(24_000, 240_000);
        Drain drain = Drain.fannedOut(deliveries, subscriptions, bench.effort().seconds(15, 90));
        int workers = bench.effort().workers();
        Variant variant = Variant.SINGLE.withSubscriptions(subscriptions);
        Drain.Result result = drain.run(
                bench.server(),
                target -> Bench.entered(
                        findings, Roster.SINGLE, new PgEventsContestant(variant, target, workers, workers + 4)));
        bench.say("loading %.2f s, then %.0f deliveries/s", result.loadSeconds(), result.rate());
        return (result.loadSeconds() / deliveries + 1 / result.rate()) * 1e6;
    }
}
