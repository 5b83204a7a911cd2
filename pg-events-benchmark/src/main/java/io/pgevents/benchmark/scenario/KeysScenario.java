package io.pgevents.benchmark.scenario;

import io.pgevents.benchmark.contestant.Contestant;
import io.pgevents.benchmark.contestant.Target;
import io.pgevents.benchmark.measure.Drain;
import io.pgevents.benchmark.measure.KeyWatch;
import io.pgevents.benchmark.measure.Rounds;
import io.pgevents.benchmark.measure.Samples;
import io.pgevents.benchmark.ours.PgEventsContestant;
import io.pgevents.benchmark.ours.Variant;
import io.pgevents.benchmark.report.Findings;
import io.pgevents.benchmark.report.Goal;
import io.pgevents.benchmark.roster.Roster;
import io.pgevents.subscription.SubscriptionSettings.Order;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;

/**
 * Order per key, with a thousand keys that have equally many events, and with a hot one that has half of them. Where
 * order is kept, it is checked that no event of a key is handled before an earlier one.
 */
final class KeysScenario implements Scenario {

    private static final int KEYS = 1_000;
    private static final String UNORDERED = "unordered";
    private static final String EVEN = "ordered, 1,000 keys";
    private static final String HOT = "ordered, a hot key with half of the events";

    private final List<Double> others = new ArrayList<>();

    @Override
    public String name() {
        return "keys";
    }

    @Override
    public String question() {
        return "What does order per key cost, and does a hot key hold up the others?";
    }

    @Override
    public List<String> figures() {
        return List.of("keys.vs_unordered", "keys.beside_hot.vs_even");
    }

    @Override
    public void run(Bench bench, Findings findings) throws InterruptedException {
        others.clear();
        Rounds rounds = bench.rounds();
        IntUnaryOperator even = number -> number % KEYS;
        IntUnaryOperator hot = number -> number % 2 == 0 ? 0 : 1 + number / 2 % (KEYS - 1);
        rounds.add(UNORDERED, warmUp -> drain(bench, findings, Order.NONE, even, warmUp));
        rounds.add(EVEN, warmUp -> drain(bench, findings, Order.KEY, even, warmUp));
        rounds.add(HOT, warmUp -> drain(bench, findings, Order.KEY, hot, warmUp));
        rounds.run(bench.effort().pick(3, 7));
        findings.problems(rounds.failures());
        report(findings, rounds.samples());
    }

    private double drain(Bench bench, Findings findings, Order order, IntUnaryOperator keyOf, boolean warmUp)
            throws Exception {
        int events =
                warmUp ? bench.effort().pick(4_000, 40_000) : bench.effort().pick(20_000, 200_000);
        boolean hot = keyOf.applyAsInt(2) == 0;
        KeyWatch watch = new KeyWatch(keyOf, KEYS, hot ? events / 2 : events - events / KEYS);
        Variant variant = Variant.SINGLE.withKeys(order, number -> "key-" + keyOf.applyAsInt(number));
        int workers = bench.effort().workers();
        double rate = Drain.inOrder(events, bench.effort().seconds(20, 90))
                .run(bench.server(), target -> open(findings, variant, target, workers), watch)
                .rate();
        if (order == Order.KEY && watch.overtaken() > 0) {
            throw new IllegalStateException(
                    watch.overtaken() + " events were handled before an earlier one of their key");
        }
        if (hot && !warmUp) {
            others.add(watch.othersPerSecond());
        }
        return rate;
    }

    private static Contestant open(Findings findings, Variant variant, Target target, int workers) {
        return Bench.entered(findings, Roster.SINGLE, new PgEventsContestant(variant, target, workers, workers + 4));
    }

    private void report(Findings findings, Map<String, Samples> samples) {
        findings.measured("Drain with order per key", "events/s", samples);
        Samples unordered = samples.get(UNORDERED);
        Samples even = samples.get(EVEN);
        Samples hot = samples.get(HOT);
        if (unordered == null || even == null || hot == null) {
            return;
        }
        Samples beside = new Samples(others);
        findings.measured("Drain with order per key", "events/s", Map.of("of it, the keys beside the hot one", beside));
        findings.ratio("keys.vs_unordered", even.median() < hot.median() ? even : hot, unordered, Goal.atLeast(0.4));
        findings.ratio("keys.beside_hot.vs_even", beside, even.times(0.5), Goal.atLeast(0.9));
        findings.note(
                "keys.vs_unordered takes the slower of the two ordered drains. The keys beside the hot one have half"
                        + " of the events; without a hot key half of the events would get half of the rate.");
    }
}
