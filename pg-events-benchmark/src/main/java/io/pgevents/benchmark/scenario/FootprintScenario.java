package io.pgevents.benchmark.scenario;

import io.pgevents.benchmark.contestant.Contestant;
import io.pgevents.benchmark.measure.Deliveries;
import io.pgevents.benchmark.measure.Samples;
import io.pgevents.benchmark.measure.SteadyRate;
import io.pgevents.benchmark.ours.PgEventsContestant;
import io.pgevents.benchmark.ours.Variant;
import io.pgevents.benchmark.report.Findings;
import io.pgevents.benchmark.report.Goal;
import io.pgevents.benchmark.roster.Roster;
import io.pgevents.benchmark.server.Database;
import io.pgevents.benchmark.server.TableSize;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * Events of 200 bytes are published one per transaction at a steady rate and handled at once, by handlers that write
 * nothing themselves: what the server writes is the bus's.
 */
final class FootprintScenario implements Scenario {

    private static final int PER_SECOND = 500;
    private static final int THREADS = 8;
    private static final Duration SETTLING = Duration.ofSeconds(100);

    @Override
    public String name() {
        return "footprint";
    }

    @Override
    public String question() {
        return "What does an event leave behind in the WAL and in the table?";
    }

    @Override
    public List<String> figures() {
        return List.of("footprint.wal.bytes", "footprint.wal_retained.bytes", "footprint.size.growth");
    }

    /** What one variant has left behind: bytes of WAL for each event, and the size at the end over that at half. */
    private record Outcome(double walBytes, double growth) {}

    @Override
    public void run(Bench bench, Findings findings) throws Exception {
        Duration soak = bench.effort().soak();
        Duration time = soak == null ? bench.effort().seconds(10, 220) : soak;
        Duration retention = bench.effort().seconds(2, 10);
        Variant variant = Variant.SINGLE.withoutEffects();
        Outcome without = measure(bench, findings, "not kept", variant, time);
        Outcome with = measure(
                bench, findings, "kept for " + retention.toSeconds() + " s", variant.withRetention(retention), time);
        findings.figure("footprint.wal.bytes", without.walBytes(), "bytes", Goal.atMost(700));
        findings.figure("footprint.wal_retained.bytes", with.walBytes(), "bytes", Goal.atMost(1300));
        if (time.compareTo(SETTLING.multipliedBy(2)) >= 0) {
            findings.figure(
                    "footprint.size.growth", Math.max(without.growth(), with.growth()), "ratio", Goal.atMost(1.2));
        }
        findings.note(PER_SECOND + " events per second were published for " + time.toSeconds()
                + " s, without and then with retention.");
        findings.note("The WAL has everything in it: full pages after checkpoints, vacuum, and the pruning of all kept"
                + " events, which is waited for at the end. The growth is the size at the end over that at half of the"
                + " time, of the worse of the two; it is no figure of a run that is so short that the first vacuum and the"
                + " first pruning, which both come in the first minute or so, may fall into its second half.");
    }

    private static Outcome measure(Bench bench, Findings findings, String name, Variant variant, Duration time)
            throws Exception {
        int quarter = (int) (time.toMillis() * PER_SECOND / 4000);
        int events = PER_SECOND + 4 * quarter;
        try (Database database = bench.server().freshDatabase();
                Contestant contestant = new PgEventsContestant(variant, database.target(), 4, THREADS + 8)) {
            Bench.entered(findings, Roster.SINGLE, contestant);
            Deliveries deliveries = new Deliveries(events, 1);
            contestant.consume(deliveries);
            publish(contestant, 0, PER_SECOND);
            database.settle();
            List<Long> wal = new ArrayList<>(List.of(database.walBytes()));
            List<TableSize> sizes = new ArrayList<>(List.of(TableSize.of(database)));
            for (int first = PER_SECOND; first < events; first += quarter) {
                publish(contestant, first, quarter);
                wal.add(database.walBytes());
                sizes.add(TableSize.of(database));
            }
            verify(deliveries, events);
            awaitPruning(database, Duration.ofSeconds(45).plus(variant.retention()));
            double bytes = (database.walBytes() - wal.get(0)) / (4.0 * quarter);
            report(findings, name, wal, quarter, bytes);
            report(findings, name, sizes);
            bench.say("%s: %.0f bytes of WAL for each event", name, bytes);
            return new Outcome(
                    bytes, sizes.get(4).bytes() / (double) sizes.get(2).bytes());
        }
    }

    private static void awaitPruning(Database database, Duration atMost) throws SQLException {
        long deadline = System.nanoTime() + atMost.toNanos();
        long kept;
        while ((kept = database.number("SELECT count(*) FROM event_queue WHERE status = 'done'")) > 0) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(kept + " finished events were not pruned in time");
            }
            LockSupport.parkNanos(Duration.ofMillis(250).toNanos());
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

    private static void report(Findings findings, String name, List<Long> wal, int quarter, double bytes) {
        String title = "WAL of an event, published and handled";
        List<Double> quarters = IntStream.range(1, wal.size())
                .mapToObj(at -> (wal.get(at) - wal.get(at - 1)) / (double) quarter)
                .toList();
        findings.measured(title, "bytes", Map.of("finished events " + name + ", by quarters", new Samples(quarters)));
        findings.measured(title, "bytes", "finished events " + name + ", in all", bytes);
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
