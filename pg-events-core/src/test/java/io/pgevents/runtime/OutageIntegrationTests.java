package io.pgevents.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.pgevents.OutgoingEvent;
import io.pgevents.subscription.SubscriptionSettings;
import io.pgevents.subscription.SubscriptionSettings.Mode;
import io.pgevents.subscription.SubscriptionSettings.Order;
import io.pgevents.support.TestBus;
import io.pgevents.support.TestPostgres;
import io.pgevents.support.TestSettings;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

@Timeout(90)
class OutageIntegrationTests {

    private static TestBus bus(String url, Mode mode) {
        SubscriptionSettings how =
                new SubscriptionSettings(mode, Order.NONE, 3, 50, Duration.ofSeconds(3), null, TestBus.QUICK_RETRY);
        TestBus bus = new TestBus(url);
        Effects.create(bus);
        return bus.subscribe("s", "t", how, event -> {
            if (mode == Mode.TRANSACTIONAL) {
                Effects.write(bus, event, "one");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
            return List.of();
        });
    }

    private static void publish(TestBus bus, int from, int to) {
        bus.publisher()
                .publishAll(IntStream.range(from, to)
                        .mapToObj(seq -> OutgoingEvent.of("t", Effects.payload("k", seq)))
                        .toList());
    }

    private static long mostAttempts(TestBus bus) {
        return Effects.number(bus, "SELECT max(attempt_count) FROM event_queue");
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void goesOnAfterTheServerWasRestarted(Mode mode, @TempDir Path directory) throws Exception {
        Path data = directory.resolve("data");
        Files.createDirectory(data);
        ListAppender<ILoggingEvent> logs = captureWarnings();
        EmbeddedPostgres server = server(data, 0);
        int port = server.getPort();
        String url = "jdbc:postgresql://localhost:" + port + "/postgres";
        try (TestBus bus = bus(url, mode)) {
            bus.start();
            publish(bus, 0, 2000);
            await().atMost(Duration.ofSeconds(20)).until(() -> bus.count("done") > 100);
            server.close();
            await().pollDelay(Duration.ofSeconds(2)).until(() -> true);
            server = server(data, port);
            await().atMost(Duration.ofSeconds(20)).ignoreExceptions().until(() -> bus.count("done") >= 0);
            publish(bus, 2000, 2100);
            await().atMost(Duration.ofSeconds(40)).until(() -> bus.count("done") == 2100);
            assertThat(bus.count("failed")).isZero();
            assertThat(mostAttempts(bus)).isEqualTo(1);
            if (mode == Mode.TRANSACTIONAL) {
                assertThat(Effects.count(bus)).isEqualTo(2100);
                assertThat(Effects.distinct(bus)).isEqualTo(2100);
            }
            assertThat(warnings(logs, "Outage")).isBetween(0L, 2L);
            assertThat(warnings(logs, "WakeUpHub")).isBetween(1L, 2L);
            assertThat(warnings(logs, "TransactionTemplate")).isZero();
        } finally {
            server.close();
        }
    }

    private static EmbeddedPostgres server(Path data, int port) throws IOException {
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setServerConfig("max_connections", "100");
        return (port == 0 ? builder : builder.setPort(port)).start();
    }

    private static ListAppender<ILoggingEvent> captureWarnings() {
        ListAppender<ILoggingEvent> appender = new ListAppender<>();
        appender.start();
        for (String logger : List.of("io.pgevents", "org.springframework.transaction")) {
            ((Logger) LoggerFactory.getLogger(logger)).addAppender(appender);
        }
        return appender;
    }

    private static long warnings(ListAppender<ILoggingEvent> logs, String logger) {
        return new ArrayList<>(logs.list)
                .stream()
                        .filter(each -> each.getLevel().isGreaterOrEqual(Level.WARN))
                        .filter(each -> each.getLoggerName().endsWith(logger))
                        .count();
    }

    @Test
    void losesNothingWhileConnectionsAreKilledAtRandom() {
        try (TestBus bus = bus(TestPostgres.newDatabaseUrl(), Mode.TRANSACTIONAL)) {
            bus.start();
            publish(bus, 0, 3000);
            for (int kill = 0; kill < 15; kill++) {
                await().pollDelay(Duration.ofMillis(100)).until(() -> true);
                try {
                    bus.jdbc()
                            .execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                                    + " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                                    + " AND random() < 0.4");
                } catch (org.springframework.dao.DataAccessException ex) {
                    // The pool gave a connection that had been killed.
                }
            }
            await().atMost(Duration.ofSeconds(40)).ignoreExceptions().until(() -> bus.count("done") == 3000);
            assertThat(Effects.count(bus)).isEqualTo(3000);
            assertThat(Effects.distinct(bus)).isEqualTo(3000);
            // Whoever loses the connection a second time has been counted before.
            assertThat(mostAttempts(bus)).isLessThanOrEqualTo(2);
        }
    }

    @Test
    void anEventThatAlwaysLosesItsConnectionEndsAsADeadLetterAndItsNeighboursAreHandledOnce() {
        try (TestBus bus = new TestBus(TestPostgres.newDatabaseUrl())) {
            Effects.create(bus);
            bus.subscribe("s", "t", TestSettings.QUICK, event -> {
                Effects.write(bus, event, "one");
                if (event.metadata().headers().containsKey("deadly")) {
                    bus.jdbc().execute("SELECT pg_terminate_backend(pg_backend_pid())");
                }
                return List.of();
            });
            publish(bus, 0, 5);
            bus.publisher()
                    .publish(OutgoingEvent.of("t", Effects.payload("k", 5)).withHeader("deadly", "yes"));
            publish(bus, 6, 10);
            bus.start();
            await().atMost(Duration.ofSeconds(60)).until(() -> bus.count("failed") == 1 && bus.count("done") == 9);
            assertThat(Effects.count(bus)).isEqualTo(9);
            assertThat(Effects.distinct(bus)).isEqualTo(9);
            assertThat(bus.jdbc()
                            .queryForObject(
                                    "SELECT attempt_count || ' ' || last_error FROM event_queue WHERE status = 'failed'",
                                    String.class))
                    .startsWith("3 No attempt is left");
        }
    }

    /** What was handled under a lease is not handled again because its end and its next step could not be written at once. */
    @Test
    void waitsWithTheNextStepOfALeasedEventUntilItCanBeWritten() {
        AtomicInteger handled = new AtomicInteger();
        try (TestBus bus = new TestBus(TestPostgres.newDatabaseUrl())) {
            bus.subscribe("s", "t", TestSettings.leased(), event -> {
                handled.incrementAndGet();
                bus.jdbc()
                        .execute("CREATE TRIGGER away BEFORE INSERT ON event_queue FOR EACH ROW"
                                + " EXECUTE FUNCTION away()");
                return List.of(OutgoingEvent.of("next", 1));
            });
            bus.jdbc()
                    .execute("CREATE FUNCTION away() RETURNS trigger LANGUAGE plpgsql AS"
                            + " $$BEGIN RAISE EXCEPTION 'away' USING ERRCODE = 'cannot_connect_now'; END$$");
            bus.start();
            bus.publisher().publish("t", 1);
            await().until(() -> handled.get() > 0);
            await().pollDelay(Duration.ofSeconds(1)).until(() -> bus.count("processing") == 1);
            bus.jdbc().execute("DROP FUNCTION away() CASCADE");
            await().atMost(Duration.ofSeconds(20)).until(() -> bus.count("done") == 1 && bus.count("pending") == 1);
            assertThat(handled).hasValue(1);
            assertThat(mostAttempts(bus)).isEqualTo(1);
        }
    }

    /** A full claim has passed the turn on before its end can be written; whoever takes the turn has to pause as well. */
    @Test
    void pausesBetweenAttemptsWhileNothingCanBeWritten() {
        try (TestBus bus = new TestBus(TestPostgres.newDatabaseUrl())) {
            bus.subscribe("s", "t", TestSettings.batchSize(10), event -> List.of());
            bus.jdbc()
                    .update("INSERT INTO event_queue (topic, subscription, payload)"
                            + " SELECT 't', 's', '{}' FROM generate_series(1, 500)");
            bus.jdbc().execute("CREATE SEQUENCE tries");
            bus.jdbc()
                    .execute("CREATE FUNCTION fill_up() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN"
                            + " PERFORM nextval('tries'); RAISE EXCEPTION 'full' USING ERRCODE = 'disk_full'; END$$");
            bus.jdbc()
                    .execute("CREATE TRIGGER fill_up BEFORE UPDATE ON event_queue FOR EACH STATEMENT"
                            + " EXECUTE FUNCTION fill_up()");
            bus.start();
            await().pollDelay(Duration.ofSeconds(3)).until(() -> true);
            assertThat(Effects.number(bus, "SELECT last_value FROM tries")).isBetween(2L, 30L);
            bus.jdbc().execute("DROP FUNCTION fill_up() CASCADE");
            await().atMost(Duration.ofSeconds(20)).until(() -> bus.count("done") == 500);
        }
    }

    @Test
    void worksWhereTheDefaultIsolationIsStricter() {
        try (TestBus bus = bus(TestPostgres.newDatabaseUrl(), Mode.TRANSACTIONAL)) {
            String database = bus.jdbc().queryForObject("SELECT current_database()", String.class);
            bus.jdbc().execute("ALTER DATABASE " + database + " SET default_transaction_isolation = 'repeatable read'");
            bus.pool().getHikariPoolMXBean().softEvictConnections();
            bus.start();
            publish(bus, 0, 1000);
            await().atMost(Duration.ofSeconds(40)).until(() -> bus.count("done") == 1000);
            assertThat(Effects.distinct(bus)).isEqualTo(1000);
            assertThat(mostAttempts(bus)).isEqualTo(1);
        }
    }

    @Test
    void waitsForAPoolThatIsExhausted() throws SQLException {
        try (TestBus bus = bus(TestPostgres.newDatabaseUrl(), Mode.TRANSACTIONAL)) {
            bus.pool().setConnectionTimeout(500);
            bus.start();
            List<Connection> taken = new ArrayList<>();
            publish(bus, 0, 1);
            await().atMost(Duration.ofSeconds(20)).until(() -> bus.count("done") == 1);
            for (int i = 0; i < 19; i++) {
                taken.add(bus.pool().getConnection());
            }
            publish(bus, 1, 100);
            taken.add(lastOne(bus));
            await().pollDelay(Duration.ofSeconds(2)).until(() -> true);
            for (Connection each : taken) {
                each.close();
            }
            await().atMost(Duration.ofSeconds(20)).until(() -> bus.count("done") == 100);
            assertThat(mostAttempts(bus)).isEqualTo(1);
            assertThat(Effects.count(bus)).isEqualTo(100);
        }
    }

    private static Connection lastOne(TestBus bus) {
        return await().atMost(Duration.ofSeconds(30))
                .ignoreExceptions()
                .until(() -> bus.pool().getConnection(), connection -> true);
    }
}
