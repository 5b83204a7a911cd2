package io.pgevents.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pgevents.OutgoingEvent;
import io.pgevents.subscription.SubscriptionSettings;
import io.pgevents.subscription.SubscriptionSettings.Mode;
import io.pgevents.subscription.SubscriptionSettings.Order;
import io.pgevents.support.TestBus;
import io.pgevents.support.TestPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.PGConnection;

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
        return node(listen, poll, event -> List.of());
    }

    private TestBus node(boolean listen, Duration poll, TestBus.Body handler) {
        return node(listen, poll, SubscriptionSettings.DEFAULT, handler);
    }

    private TestBus node(boolean listen, Duration poll, SubscriptionSettings how, TestBus.Body handler) {
        return new TestBus(url)
                .settings(s -> new PgEventsSettings(
                        s.nodeName(), listen, poll, s.maxTransactions(), s.drainTimeout(), s.retention()))
                .subscribe("s", "t", how, handler);
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

    /** The one that would be notified has no worker left; it lets the other one have its turn. */
    @Test
    void anIdleInstanceTakesWhatABusyOneIsNotifiedOf() {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        TestBus.Body slow = event -> {
            begun.countDown();
            released.await();
            return List.of();
        };
        try (TestBus busy = node(true, MINUTE, slow).start()) {
            awaitParked(busy);
            try (TestBus idle = node(true, MINUTE).start()) {
                await().atMost(SOON).until(() -> Effects.number(idle, "SELECT count(*) FROM event_node") == 2);
                busy.jdbc().update(INSERT);
                await().atMost(SOON).until(() -> begun.getCount() == 0);
                // Whoever was called for help when it began has found nothing and is idle again.
                await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
                busy.jdbc().update(INSERT);
                awaitDone(idle, 1, SOON);
                released.countDown();
                awaitDone(idle, 2, SOON);
            } finally {
                released.countDown();
            }
        }
    }

    /** After many notifications nobody notifies any more, and the worker that looks instead has a slow event. */
    @Test
    void aSlowEventOfABusyConsumerHoldsUpNoOther() {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        TestBus.Body handler = event -> {
            if (event.payload().contains("slow")) {
                begun.countDown();
                released.await();
            }
            return List.of();
        };
        SubscriptionSettings alone = new SubscriptionSettings(
                Mode.TRANSACTIONAL,
                Order.NONE,
                3,
                1,
                Duration.ofSeconds(30),
                null,
                SubscriptionSettings.DEFAULT.retry());
        try (TestBus bus = node(true, MINUTE, alone, handler).start()) {
            awaitParked(bus);
            for (int i = 0; i < 100; i++) {
                bus.jdbc().update(INSERT);
            }
            bus.jdbc().update("INSERT INTO event_queue (topic, payload) VALUES ('t', '\"slow\"')");
            await().atMost(SOON).until(() -> begun.getCount() == 0);
            bus.jdbc().update(INSERT);
            awaitDone(bus, 101, SOON);
            released.countDown();
            awaitDone(bus, 102, SOON);
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
            assertThat(bus.channels().status().reconnects()).isPositive();
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

    /** A worker that has something to do never asks to close the gate again. */
    @Test
    void sendsNoNotificationWhileItsHandlerRunsOnceItsGateIsOpen() throws SQLException {
        CountDownLatch release = new CountDownLatch(1);
        try (TestBus bus = node(true, MINUTE, event -> {
                            release.await();
                            return List.of();
                        })
                        .start();
                Connection listening = listen(bus)) {
            awaitParked(bus);
            bus.jdbc().update(INSERT);
            // Knocked at too often, the gate is opened: from now on this consumer is busy and awake.
            await().atMost(SOON).until(() -> {
                insert(bus, 50);
                return gates(bus) == 0;
            });
            assertThat(notifications(listening)).isPositive();
            insert(bus, 1000);
            assertThat(notifications(listening)).isZero();
            long all = bus.count("pending");
            release.countDown();
            awaitDone(bus, all, SOON);
            awaitParked(bus);
            bus.jdbc().update(INSERT);
            assertThat(notifications(listening)).isEqualTo(1);
        } finally {
            release.countDown();
        }
    }

    /**
     * Few, not none: whenever the publishers pause for a fifth of a second the consumer cools down and closes its gate,
     * and it takes more than ten notifications to open it again.
     */
    @Test
    void sendsHardlyAnyNotificationUnderLoad() throws SQLException {
        try (TestBus bus = node(true, MINUTE).start();
                Connection listening = listen(bus)) {
            awaitParked(bus);
            insert(bus, 500);
            assertThat(notifications(listening)).isPositive();
            insert(bus, 4000);
            assertThat(notifications(listening)).isLessThan(200);
            awaitDone(bus, 4500, SOON);
        }
    }

    private static void insert(TestBus bus, int events) {
        for (int i = 0; i < events; i++) {
            bus.jdbc().update(INSERT);
        }
    }

    private Connection listen(TestBus bus) throws SQLException {
        Connection connection = DriverManager.getConnection(url, "postgres", "postgres");
        try (Statement statement = connection.createStatement()) {
            statement.execute("LISTEN pg_events_" + Effects.number(bus, "SELECT 'event_queue'::regclass::oid::bigint"));
        }
        return connection;
    }

    /** Those that a publisher has sent since the last call; cries for help are not meant. */
    private static long notifications(Connection listening) throws SQLException {
        try (Statement statement = listening.createStatement()) {
            statement.execute("SELECT 1");
        }
        return Stream.of(listening.unwrap(PGConnection.class).getNotifications())
                .filter(each -> !each.getParameter().startsWith("help "))
                .count();
    }
}
