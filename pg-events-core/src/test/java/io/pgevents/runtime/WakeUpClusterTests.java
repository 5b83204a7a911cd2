package io.pgevents.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pgevents.OutgoingEvent;
import io.pgevents.subscription.SubscriptionSettings;
import io.pgevents.support.TestBus;
import io.pgevents.support.TestPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/** The gates as the server sees them, with a poll that comes too late for every test. */
@Timeout(90)
class WakeUpClusterTests {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final String INSERT = "INSERT INTO event_queue (topic, payload) VALUES ('t', '1')";
    private static final String GATES = """
            SELECT %s FROM pg_locks WHERE locktype = 'advisory' AND granted AND mode = 'ExclusiveLock'
            AND classid = 'event_queue'::regclass::oid
            """;

    private final String url = TestPostgres.newDatabaseUrl();

    private TestBus node(boolean listen, Duration poll) {
        return new TestBus(url)
                .settings(s -> new PgEventsSettings(
                        s.nodeName(), listen, poll, s.maxTransactions(), s.drainTimeout(), s.retention()))
                .subscribe("s", "t", SubscriptionSettings.DEFAULT, event -> List.of());
    }

    private static long gates(TestBus bus) {
        return Effects.number(bus, GATES.formatted("count(*)"));
    }

    private static long leader(TestBus bus) {
        return Effects.number(bus, GATES.formatted("max(pid)"));
    }

    private static void awaitParked(TestBus bus) {
        await().atMost(SOON).until(() -> gates(bus) == 1);
    }

    private static void awaitDone(TestBus bus, long events, Duration atMost) {
        await().atMost(atMost).until(() -> bus.count("done") == events);
    }

    @Test
    void aParkedConsumerIsWokenByAnInsertOfAnotherConnection() {
        try (TestBus bus = node(true, MINUTE).start()) {
            awaitParked(bus);
            for (int i = 1; i <= 5; i++) {
                bus.jdbc().update(INSERT);
                awaitDone(bus, i, SOON);
            }
        }
    }

    @Test
    void eventsThatAreDueSoonAndLaterAreBothHandledInTime() {
        try (TestBus bus = node(true, MINUTE).start()) {
            awaitParked(bus);
            bus.jdbc()
                    .update(
                            "INSERT INTO event_queue (topic, payload, process_at)"
                                    + " SELECT 't', '1', now() + n * interval '700 milliseconds' FROM generate_series(3, 1, -1) n");
            bus.publisher().publish(OutgoingEvent.of("t", 1).withDelay(Duration.ofMillis(1500)));
            awaitDone(bus, 4, SOON);
        }
    }

    @Test
    void manyInsertsForLaterLeaveTheConsumerAwakeForTheNextOneThatIsDue() {
        try (TestBus bus = node(true, MINUTE).start()) {
            awaitParked(bus);
            for (int i = 0; i < 50; i++) {
                bus.jdbc()
                        .update("INSERT INTO event_queue (topic, payload, process_at)"
                                + " VALUES ('t', '1', now() + interval '50 minutes')");
            }
            bus.jdbc().update(INSERT);
            awaitDone(bus, 1, SOON);
            awaitParked(bus);
            bus.jdbc().update(INSERT);
            awaitDone(bus, 2, SOON);
        }
    }

    @Test
    void theFollowerLeadsOnceTheLeaderHasStopped() {
        TestBus one = node(true, MINUTE).start();
        awaitParked(one);
        long first = leader(one);
        try (TestBus two = node(true, MINUTE).start()) {
            await().atMost(SOON).until(() -> Effects.number(two, "SELECT count(*) FROM event_node") == 2);
            assertThat(gates(two)).isEqualTo(1);
            one.close();
            await().atMost(SOON).until(() -> gates(two) == 1 && leader(two) != first);
            two.jdbc().update(INSERT);
            awaitDone(two, 1, SOON);
        }
    }

    @Test
    void oneLeadsAgainAfterTheConnectionOfTheLeaderWasKilled() {
        try (TestBus one = node(true, Duration.ofSeconds(3)).start();
                TestBus two = node(true, Duration.ofSeconds(3)).start()) {
            awaitParked(one);
            for (int i = 1; i <= 3; i++) {
                long leader = leader(one);
                one.jdbc().queryForObject("SELECT pg_terminate_backend(?::integer)", Boolean.class, leader);
                one.jdbc().update(INSERT);
                awaitDone(one, i, SOON);
                await().atMost(SOON).until(() -> gates(one) == 1 && leader(one) != leader);
            }
            one.jdbc().update(INSERT);
            awaitDone(two, 4, SOON);
        }
    }

    @Test
    void losesNothingWhileTheListeningConnectionIsKilledDuringTraffic() {
        try (TestBus bus = node(true, Duration.ofSeconds(10)).start()) {
            awaitParked(bus);
            for (int i = 0; i < 200; i++) {
                bus.jdbc().update(INSERT);
                if (i % 40 == 0) {
                    bus.jdbc()
                            .execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                                    + " WHERE application_name = 'pg-events-hub' AND datname = current_database()");
                }
            }
            awaitDone(bus, 200, Duration.ofSeconds(30));
            awaitParked(bus);
        }
    }

    @Test
    void worksAtThePollIntervalWithoutListening() {
        try (TestBus bus = node(false, Duration.ofMillis(300)).start()) {
            for (int i = 1; i <= 5; i++) {
                bus.jdbc().update(INSERT);
                awaitDone(bus, i, SOON);
            }
            assertThat(gates(bus)).isZero();
        }
    }

    @Test
    void sendsNoNotificationWhileItIsBusy() throws SQLException {
        try (TestBus bus = node(true, MINUTE).start();
                Connection listening = DriverManager.getConnection(url, "postgres", "postgres");
                Statement statement = listening.createStatement()) {
            statement.execute("LISTEN pg_events_" + Effects.number(bus, "SELECT 'event_queue'::regclass::oid::bigint"));
            awaitParked(bus);
            insertFor(bus, Duration.ofMillis(700));
            int warmUp = notifications(listening);
            long before = bus.count("done") + bus.count("pending");
            insertFor(bus, Duration.ofSeconds(2));
            int busy = notifications(listening);
            long inserted = bus.count("done") + bus.count("pending") - before;
            assertThat(warmUp).isPositive();
            assertThat(inserted).isGreaterThan(200);
            assertThat(busy).isLessThan((int) (inserted / 20));
            awaitDone(bus, bus.count("done") + bus.count("pending"), SOON);
        }
    }

    private static void insertFor(TestBus bus, Duration duration) {
        long end = System.nanoTime() + duration.toNanos();
        while (System.nanoTime() - end < 0) {
            bus.jdbc().update(INSERT);
        }
    }

    private static int notifications(Connection listening) throws SQLException {
        PGNotification[] all = listening.unwrap(PGConnection.class).getNotifications(200);
        return all == null ? 0 : all.length;
    }
}
