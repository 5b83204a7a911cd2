package io.pgevents.benchmark.scenario;

import io.pgevents.benchmark.contestant.Contestant;
import io.pgevents.benchmark.measure.Deliveries;
import io.pgevents.benchmark.measure.SteadyRate;
import io.pgevents.benchmark.ours.PgEventsContestant;
import io.pgevents.benchmark.ours.Variant;
import io.pgevents.benchmark.report.Findings;
import io.pgevents.benchmark.report.Goal;
import io.pgevents.benchmark.server.Database;
import io.pgevents.benchmark.server.TableSize;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Events of 200 bytes are published one per transaction at a steady rate and handled at once, by handlers that write
 * nothing themselves: what the server writes is the bus's.
 */
final class FootprintScenario implements Scenario {

    private static final int PER_SECOND = 500;
    private static final int THREADS = 8;

    @Override
    public String name() {
        return "footprint";
    }

    @Override
    public String question() {
        return "What does an event leave behind in the WAL and in the table?";
    }

    @Override
    public void run(Bench bench, Findings findings) throws Exception {
        Duration soak = bench.effort().soak();
        Duration time = soak == null ? bench.effort().seconds(18, 240) : soak;
        Duration retention = bench.effort().seconds(5, 30);
        double without = measure(bench, findings, "not kept", Variant.SINGLE.withoutEffects(), time);
        double with = measure(
                bench,
                findings,
                "kept for " + retention.toSeconds() + " s",
                Variant.SINGLE.withoutEffects().withRetention(retention),
                time);
        findings.figure("footprint.wal.bytes", without, "bytes", Goal.atMost(700));
        findings.figure("footprint.wal_retained.bytes", with, "bytes", Goal.atMost(1300));
        findings.note("The WAL has everything in it: full pages after checkpoints, vacuum, and pruning of kept events"
                + " as far as it has begun (every 30 s).");
    }

    private double measure(Bench bench, Findings findings, String name, Variant variant, Duration time)
            throws Exception {
        int events = (int) (time.toMillis() * PER_SECOND / 1000);
        try (Database database = bench.server().freshDatabase();
                Contestant contestant = new PgEventsContestant(variant, database.target(), 4, THREADS + 8)) {
            int warmUp = PER_SECOND;
            Deliveries deliveries = new Deliveries(warmUp + events, 1);
            contestant.consume(deliveries);
            publish(contestant, 0, warmUp);
            database.settle();
            long wal = database.walBytes();
            List<TableSize> sizes = new ArrayList<>();
            sizes.add(TableSize.of(database));
            for (int quarter = 0; quarter < 4; quarter++) {
                publish(contestant, warmUp + quarter * (events / 4), events / 4);
                sizes.add(TableSize.of(database));
            }
            double bytes = (database.walBytes() - wal) / (double) (events / 4 * 4);
            verify(deliveries, warmUp + events / 4 * 4);
            findings.measured("WAL of an event, published and handled", "bytes", "finished events " + name, bytes);
            report(findings, name, sizes);
            bench.say("%s: %.0f bytes of WAL for each event", name, bytes);
            return bytes;
        }
    }

    private static void publish(Contestant contestant, int first, int count) throws Exception {
        new SteadyRate(PER_SECOND, THREADS).run(count, turn -> contestant.publish(first + turn, 1));
    }

    private static void verify(Deliveries deliveries, int events) throws InterruptedException {
        for (int tries = 0; deliveries.count() < events && tries < 500; tries++) {
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
        }
        if (deliveries.count() != events || deliveries.repeated() > 0) {
            throw new IllegalStateException("Of " + events + " events " + deliveries.count() + " were received, and "
                    + deliveries.repeated() + " again");
        }
    }

    private static void report(Findings findings, String name, List<TableSize> sizes) {
        for (int quarter = 0; quarter < sizes.size(); quarter++) {
            String label = "finished events " + name + ", after " + 25 * quarter + " %";
            TableSize size = sizes.get(quarter);
            findings.measured("Size of the table with its indexes", "kB", label, size.bytes() / 1000.0);
            findings.measured("Dead rows in the table", "rows", label, (double) size.deadRows());
        }
    }
}
