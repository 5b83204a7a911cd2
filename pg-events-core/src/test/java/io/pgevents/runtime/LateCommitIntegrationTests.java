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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A transaction inserts an event and stays open while later ones are consumed. */
@Timeout(90)
class LateCommitIntegrationTests {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final String INSERT = "INSERT INTO event_queue (topic, payload) VALUES ('t', '{\"late\": true}')";

    private final String url = TestPostgres.newDatabaseUrl();
    private final Set<Long> seen = ConcurrentHashMap.newKeySet();

    private TestBus bus(boolean listen, Duration poll, Order order) {
        TestBus bus = new TestBus(url)
                .settings(s -> new PgEventsSettings(
                        s.nodeName(), listen, poll, s.maxTransactions(), s.drainTimeout(), s.retention()));
        SubscriptionSettings how = new SubscriptionSettings(
                Mode.TRANSACTIONAL, order, 2, 100, Duration.ofSeconds(30), null, TestBus.QUICK_RETRY);
        return bus.subscribe("s", "t", how, event -> {
            seen.add(event.metadata().id());
            return List.of();
        });
    }

    private Connection open() throws SQLException {
        Connection connection = DriverManager.getConnection(url, "postgres", "postgres");
        connection.setAutoCommit(false);
        return connection;
    }

    private static void insert(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(INSERT);
        }
    }

    private void consumeLater(TestBus bus) {
        for (int i = 0; i < 6; i++) {
            bus.publisher()
                    .publishAll(IntStream.range(0, 500)
                            .mapToObj(n -> OutgoingEvent.of("t", n))
                            .toList());
        }
        await().atMost(Duration.ofSeconds(30)).until(() -> bus.count("done") >= 3000);
    }

    static boolean isParked(TestBus bus) {
        return Effects.number(
                        bus,
                        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted"
                                + " AND classid = 'event_queue'::regclass::oid AND mode = 'ExclusiveLock'")
                > 0;
    }

    @ParameterizedTest
    @EnumSource(Order.class)
    void isDeliveredWithinTheSweepPauseWhileOthersAreConsumed(Order order) throws SQLException {
        try (TestBus bus = bus(true, MINUTE, order).start();
                Connection late = open()) {
            insert(late);
            consumeLater(bus);
            late.commit();
            bus.publisher().publish("t", "one more wakes the consumer");
            await().atMost(Duration.ofSeconds(20)).until(() -> bus.count("done") == 3002);
        }
    }

    @Test
    void isDeliveredWithEverythingParkedAndThePollFarAway() throws SQLException {
        try (TestBus bus = bus(true, MINUTE, Order.NONE).start();
                Connection late = open()) {
            // Inserted before the gate is closed, so nothing is notified at its commit.
            insert(late);
            consumeLater(bus);
            await().atMost(Duration.ofSeconds(30)).until(() -> isParked(bus));
            late.commit();
            await().atMost(Duration.ofSeconds(40)).until(() -> bus.count("done") == 3001);
        }
    }

    @Test
    void isDeliveredIfItWasInsertedWhileParkedAndLaterOnesWereConsumed() throws SQLException {
        try (TestBus bus = bus(true, MINUTE, Order.NONE).start();
                Connection late = open()) {
            await().atMost(Duration.ofSeconds(30)).until(() -> isParked(bus));
            insert(late);
            for (int i = 1; i <= 5; i++) {
                int published = i;
                bus.publisher().publish("t", i);
                await().atMost(Duration.ofSeconds(20)).until(() -> bus.count("done") == published);
            }
            late.commit();
            await().atMost(Duration.ofSeconds(20)).until(() -> bus.count("done") == 6);
        }
    }

    @Test
    void isDeliveredAtThePollIntervalWithoutListening() throws SQLException {
        try (TestBus bus = bus(false, Duration.ofMillis(500), Order.NONE).start();
                Connection late = open()) {
            insert(late);
            consumeLater(bus);
            late.commit();
            await().atMost(Duration.ofSeconds(20)).until(() -> bus.count("done") == 3001);
        }
    }

    @Test
    void aBigLateTransactionIsNotDrainedOneSweepAtATime() throws SQLException {
        try (TestBus bus = bus(true, MINUTE, Order.NONE).start();
                Connection late = open();
                Statement statement = late.createStatement()) {
            statement.execute(
                    "INSERT INTO event_queue (topic, payload) SELECT 't', to_jsonb(n) FROM generate_series(1, 5000) n");
            consumeLater(bus);
            late.commit();
            bus.publisher().publish("t", "one more wakes the consumer");
            await().atMost(Duration.ofSeconds(40)).until(() -> bus.count("done") == 8001);
            assertThat(seen).hasSize(8001);
        }
    }
}
