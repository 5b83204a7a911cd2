package io.pgevents.benchmark.scenario;

import com.sun.management.OperatingSystemMXBean;
import io.pgevents.benchmark.contestant.Contestant;
import io.pgevents.benchmark.measure.Deliveries;
import io.pgevents.benchmark.ours.PgEventsContestant;
import io.pgevents.benchmark.ours.Variant;
import io.pgevents.benchmark.report.Findings;
import io.pgevents.benchmark.report.Goal;
import io.pgevents.benchmark.server.Activity;
import io.pgevents.benchmark.server.Database;
import java.lang.management.ManagementFactory;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.postgresql.PGConnection;

/** One instance with fifty subscriptions, of which none has anything to do. */
final class IdleScenario implements Scenario {

    private static final int SUBSCRIPTIONS = 50;
    private static final String TITLE = "An idle instance with 50 subscriptions";

    @Override
    public String name() {
        return "idle";
    }

    @Override
    public String question() {
        return "What does an instance cost that has nothing to do?";
    }

    @Override
    public void run(Bench bench, Findings findings) throws Exception {
        try (Database database = bench.server().freshDatabase();
                Contestant contestant = new PgEventsContestant(
                        Variant.SINGLE.withSubscriptions(SUBSCRIPTIONS),
                        database.target(),
                        bench.effort().workers(),
                        bench.effort().workers() + 4)) {
            handleOne(bench, contestant);
            database.settle();
            watch(bench, database, findings);
        }
    }

    private static void handleOne(Bench bench, Contestant contestant) throws Exception {
        Deliveries deliveries = new Deliveries(SUBSCRIPTIONS, 1);
        contestant.consume(deliveries);
        contestant.publish(0, 1);
        if (!deliveries.awaitAll(Duration.ofSeconds(10))) {
            throw new IllegalStateException("Not all subscriptions have got their event");
        }
        TimeUnit.SECONDS.sleep(bench.effort().pick(12, 20));
    }

    private static void watch(Bench bench, Database database, Findings findings) throws Exception {
        int seconds = bench.effort().pick(24, 120);
        try (Connection listener = listen(database)) {
            long rows = Activity.rowsWritten(database);
            Activity before = Activity.of(bench.server(), database);
            long wal = database.walBytes();
            long cpu = cpuNanos();
            TimeUnit.SECONDS.sleep(seconds);
            double cpuMillis = (cpuNanos() - cpu) / 1e6;
            Activity during = Activity.of(bench.server(), database).since(before);
            rows = Activity.rowsWritten(database) - rows;
            long walBytes = database.walBytes() - wal;
            int notifications = listener.unwrap(PGConnection.class).getNotifications(1).length;
            cost(findings, during, seconds, cpuMillis, walBytes);
            silence(findings, rows, notifications);
        }
    }

    private static Connection listen(Database database) throws SQLException {
        Connection listener = database.open();
        String channel = "pg_events_" + database.number("SELECT 'event_queue'::regclass::oid::bigint");
        try (Statement statement = listener.createStatement()) {
            statement.execute("LISTEN " + channel);
        }
        return listener;
    }

    private static long cpuNanos() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    }

    private static void cost(Findings findings, Activity during, int seconds, double cpuMillis, long walBytes) {
        boolean counted = during.statements() >= 0;
        double statements = (counted ? during.statements() : during.transactions()) / (double) seconds;
        findings.measured(TITLE, "per s", counted ? "statements" : "transactions", statements);
        findings.measured(TITLE, "per s", "transactions that ended", during.transactions() / (double) seconds);
        findings.measured(TITLE, "per s", "writing transactions", during.writingTransactions() / (double) seconds);
        findings.measured(TITLE, "per s", "CPU of the instance, ms", cpuMillis / seconds);
        findings.measured(TITLE, "per s", "WAL bytes of the server", walBytes / (double) seconds);
        findings.figure("idle.statements_per_s", statements, "1/s", Goal.atMost(1));
        findings.note("Watched for " + seconds + " s. The CPU is that of this whole process, which hosts the instance;"
                + " transactions and WAL are also those of autovacuum and of the watching itself.");
    }

    private static void silence(Findings findings, long rows, int notifications) {
        findings.figure("idle.notifications", notifications, "count", Goal.atMost(0));
        findings.figure("idle.rows_written", (double) rows, "rows", Goal.atMost(0));
    }
}
