package io.pgevents.benchmark.scenario;

import io.pgevents.benchmark.measure.Rounds;
import io.pgevents.benchmark.measure.Samples;
import io.pgevents.benchmark.measure.Throughput;
import io.pgevents.benchmark.ours.PgEventsContestant;
import io.pgevents.benchmark.ours.Variant;
import io.pgevents.benchmark.report.Findings;
import io.pgevents.benchmark.report.Goal;
import io.pgevents.benchmark.roster.Roster;
import io.pgevents.benchmark.server.Database;
import io.pgevents.benchmark.server.PinnedHorizon;
import io.pgevents.subscription.SubscriptionSettings.Order;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Order per key with few keys: of each of them the index keeps all that was consumed while the horizon is pinned. */
final class PinnedKeys {

    static final String FIGURE = "pinned.keys.rate.vs_unpinned";

    private static final int KEYS = 10;
    private static final String FREE = "order per key, 10 keys, unpinned";
    private static final String PINNED = "order per key, 10 keys, pinned";

    private PinnedKeys() {}

    static void add(Bench bench, Findings findings, Rounds rounds) {
        rounds.addCold(FREE, warmUp -> lastTenth(bench, findings, false));
        rounds.addCold(PINNED, warmUp -> lastTenth(bench, findings, true));
    }

    static void report(Findings findings, Map<String, Samples> all) {
        Map<String, Samples> samples = new LinkedHashMap<>(all);
        samples.keySet().retainAll(List.of(FREE, PINNED));
        findings.measured(
                "Publish and handle at the same time, with order per key, the last tenth", "events/s", samples);
        findings.ratio(FIGURE, samples.get(PINNED), samples.get(FREE), Goal.atLeast(0.8));
    }

    private static double lastTenth(Bench bench, Findings findings, boolean isPinned) throws Exception {
        int workers = bench.effort().workers();
        Variant variant = Variant.SINGLE.withKeys(Order.KEY, number -> "key-" + number % KEYS);
        try (Database database = bench.server().freshDatabase()) {
            PgEventsContestant contestant = new PgEventsContestant(variant, database.target(), workers, workers + 24);
            Bench.entered(findings, Roster.SINGLE, contestant);
            database.settle();
            PinnedHorizon horizon = isPinned ? new PinnedHorizon(database) : null;
            try (horizon) {
                Throughput.Result result = PinnedScenario.throughput(
                        database,
                        contestant,
                        bench.effort().pick(40_000, 200_000),
                        bench.effort().seconds(4, 60));
                return result.lastTenth();
            }
        }
    }
}
