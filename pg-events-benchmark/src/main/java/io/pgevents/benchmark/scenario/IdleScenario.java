package io.pgevents.benchmark.scenario;

import com.sun.management.OperatingSystemMXBean;
import io.pgevents.benchmark.contestant.Contestant;
import io.pgevents.benchmark.measure.Deliveries;
import io.pgevents.benchmark.measure.Samples;
import io.pgevents.benchmark.ours.PgEventsContestant;
import io.pgevents.benchmark.ours.Variant;
import io.pgevents.benchmark.report.Findings;
import io.pgevents.benchmark.report.Goal;
import io.pgevents.benchmark.roster.Roster;
import io.pgevents.benchmark.server.Activity;
import io.pgevents.benchmark.server.Database;
import io.pgevents.benchmark.server.Notifications;
import io.pgevents.benchmark.server.Server;
import java.lang.management.ManagementFactory;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;

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
    public List<String> figures() {
        return List.of(
                "idle.statements_per_s",
                "idle.notifications.wake_up",
                "idle.notifications.heartbeat_per_min",
                "idle.rows_written");
    }

    @Override
    public void run(Bench bench, Findings findings) throws Exception {
        try (Database database = bench.server().freshDatabase();
                Contestant contestant = new PgEventsContestant(
                        Variant.SINGLE.withSubscriptions(SUBSCRIPTIONS),
                        database.target(),
                        bench.effort().workers(),
                        bench.effort().workers() + 4)) {
            Bench.entered(findings, Roster.SINGLE, contestant);
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

    /** What is read at the beginning and the end of each window; in another database, so that it does not count. */
    private record Reading(Activity activity, Notifications notifications, long walBytes, long cpuNanos) {

        private static Reading of(Server server, Database database) throws SQLException {
            return new Reading(
                    Activity.of(server, database),
                    Notifications.of(server, database),
                    server.admin().walBytes(),
                    processCpuNanos());
        }
    }

    private static void watch(Bench bench, Database database, Findings findings) throws Exception {
        int windows = bench.effort().pick(2, 4);
        int seconds = bench.effort().pick(12, 30);
        long rows = Activity.rowsWritten(database);
        List<Reading> readings = new ArrayList<>();
        readings.add(Reading.of(bench.server(), database));
        for (int window = 0; window < windows; window++) {
            TimeUnit.SECONDS.sleep(seconds);
            readings.add(Reading.of(bench.server(), database));
        }
        cost(findings, readings, seconds);
        notifications(findings, readings.get(0), readings.get(windows), windows * seconds);
        findings.figure("idle.rows_written", (double) Activity.rowsWritten(database) - rows, "rows", Goal.atMost(0));
        findings.note("Watched in " + windows + " windows of " + seconds + " s. The CPU is that of this whole process,"
                + " which hosts the instance; transactions and WAL are also those of autovacuum and of the watching"
                + " itself.");
    }

    private static Samples perSecond(List<Reading> readings, int seconds, ToLongFunction<Reading> counter) {
        return new Samples(IntStream.range(1, readings.size())
                .mapToObj(at -> (counter.applyAsLong(readings.get(at)) - counter.applyAsLong(readings.get(at - 1)))
                        / (double) seconds)
                .toList());
    }

    private static long processCpuNanos() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    }

    private static void cost(Findings findings, List<Reading> readings, int seconds) {
        boolean counted = readings.get(0).activity().statements() >= 0;
        Samples transactions =
                perSecond(readings, seconds, each -> each.activity().transactions());
        Samples statements =
                counted ? perSecond(readings, seconds, each -> each.activity().statements()) : transactions;
        Map<String, Samples> all = new LinkedHashMap<>();
        all.put("statements", statements);
        all.put("transactions that ended", transactions);
        all.put(
                "writing transactions",
                perSecond(readings, seconds, each -> each.activity().writingTransactions()));
        all.put(
                "CPU of the instance, ms",
                perSecond(readings, seconds, Reading::cpuNanos).times(1e-6));
        all.put("WAL bytes of the server", perSecond(readings, seconds, Reading::walBytes));
        findings.measured(TITLE, "per s", all);
        findings.figure("idle.statements_per_s", statements.median(), "1/s", Goal.atMost(1));
        if (!counted) {
            findings.note("The server counts no statements (pg_stat_statements); transactions stand for them.");
        }
    }

    private static void notifications(Findings findings, Reading first, Reading last, int seconds) {
        Notifications during = last.notifications().since(first.notifications());
        if (during.isCounted()) {
            findings.figure("idle.notifications.wake_up", (double) during.wakeUps(), "count", Goal.atMost(0));
            findings.figure(
                    "idle.notifications.heartbeat_per_min",
                    during.heartbeats() * 60.0 / seconds,
                    "1/min",
                    Goal.atMost(0));
        }
        findings.note("Nobody is woken up while nothing happens. The only NOTIFY is the heartbeat of the listening"
                + " connection, to itself, every 15 s: a connection on which nothing arrives any more looks like one on"
                + " which there is nothing to tell, and so it is found out in seconds. Counted are the calls of"
                + " statements with NOTIFY or pg_notify.");
    }
}
