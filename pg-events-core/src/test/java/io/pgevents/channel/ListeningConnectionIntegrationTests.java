package io.pgevents.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.zaxxer.hikari.HikariDataSource;
import io.pgevents.channel.Channels.Registration;
import io.pgevents.jdbc.DedicatedConnections;
import io.pgevents.jdbc.EarlyConnection;
import io.pgevents.support.LogCapture;
import io.pgevents.support.TestBus;
import io.pgevents.support.TestPostgres;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

/** The listening connection in a bad network, with a heartbeat that is quick. */
@Timeout(120)
@ExtendWith(LogCapture.class)
class ListeningConnectionIntegrationTests {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Heartbeat.Settings QUICK =
            new Heartbeat.Settings(Duration.ofMillis(500), Duration.ofSeconds(1), 0.1);

    private static final WakeUpHub.Settings SETTINGS = new WakeUpHub.Settings(1, "test", Duration.ofSeconds(2));

    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final Channels channels = new Channels(executor, true);
    private final Heard heard = new Heard();
    private final Registration registration = channels.listen("a", heard);
    private WakeUpHub hub;

    private TestBus start(String url, DedicatedConnections connections, Heartbeat.Settings heartbeat) {
        TestBus bus = new TestBus(url);
        hub = new WakeUpHub(connections, bus.schema(), SETTINGS, new NobodySleeps(), channels, heartbeat);
        hub.start();
        assertThat(hub.awaitListening(LONG)).isTrue();
        return bus;
    }

    @AfterEach
    void stop() {
        if (hub != null) {
            hub.stop();
        }
        executor.shutdownNow();
    }

    private static void send(TestBus bus, String payload) {
        bus.jdbc().query("SELECT pg_notify('a', ?)", row -> {}, payload);
    }

    private static void pass(Duration time) {
        await().pollDelay(time).atMost(time.plusSeconds(10)).until(() -> true);
    }

    @Test
    void isReplacedWhenItIsFrozen() throws Exception {
        String url = TestPostgres.newDatabaseUrl();
        try (FreezingProxy network = new FreezingProxy(url);
                TestBus bus = start(url, TestPostgres.dedicated(network.url()), QUICK)) {
            network.freeze();
            send(bus, "lost");
            heard.await(Heard.GAP);
            assertThat(registration.isListening()).isTrue();
            send(bus, "2");
            heard.await("2");
            assertThat(heard.all()).containsExactly(Heard.GAP, "2");
            assertThat(channels.status().reconnects()).isEqualTo(1);
        }
    }

    @Test
    void isReplacedWhenItIsFrozenInTheMiddleOfAMessage() throws Exception {
        String url = TestPostgres.newDatabaseUrl();
        try (FreezingProxy network = new FreezingProxy(url);
                TestBus bus = start(url, TestPostgres.dedicated(network.url()), QUICK)) {
            network.freezeAfter(3);
            send(bus, "lost");
            heard.await(Heard.GAP);
            send(bus, "2");
            heard.await("2");
            assertThat(heard.all()).containsExactly(Heard.GAP, "2");
            assertThat(LogCapture.warnings()).anyMatch(each -> each.contains("is stuck in a read"));
        }
    }

    @Test
    void staysWhenTheHeartbeatIsTheOnlyTraffic() {
        String url = TestPostgres.newDatabaseUrl();
        try (TestBus bus = start(url, TestPostgres.dedicated(url), QUICK)) {
            pass(Duration.ofSeconds(4));
            send(bus, "1");
            heard.await("1");
            assertThat(heard.all()).containsExactly("1");
            assertThat(channels.status().reconnects()).isZero();
        }
    }

    @Test
    void survivesASocketTimeoutOfTheUrl() {
        String url = TestPostgres.newDatabaseUrl();
        DedicatedConnections connections = TestPostgres.dedicated(url + "?socketTimeout=2");
        try (TestBus bus = start(url, connections, Heartbeat.Settings.DEFAULT)) {
            pass(Duration.ofSeconds(5));
            send(bus, "1");
            heard.await("1");
            assertThat(heard.all()).containsExactly("1");
            assertThat(channels.status().reconnects()).isZero();
        }
    }

    @Test
    void isMadeLaterIfTheServerIsNotThereYet() {
        String url = TestPostgres.newDatabaseUrl();
        CutOff cutOff = new CutOff(TestPostgres.dedicated(url));
        TestBus schema = new TestBus(url);
        hub = new WakeUpHub(cutOff, schema.schema(), SETTINGS, new NobodySleeps(), channels, QUICK);
        try (schema) {
            hub.start();
            assertThat(hub.awaitListening(Duration.ofMillis(500))).isFalse();
            send(schema, "missed");
            cutOff.cut = false;
            assertThat(hub.awaitListening(LONG)).isTrue();
            send(schema, "1");
            heard.await("1");
            assertThat(heard.all()).containsExactly(Heard.GAP, "1");
        }
    }

    @Test
    void isThereAgainAfterTheServerWasRestarted(@TempDir Path directory) throws IOException {
        Path data = directory.resolve("data");
        Files.createDirectory(data);
        EmbeddedPostgres server = server(data, 0);
        int port = server.getPort();
        String url = "jdbc:postgresql://localhost:" + port + "/postgres";
        try (TestBus bus = start(url, TestPostgres.dedicated(url), QUICK)) {
            send(bus, "1");
            heard.await("1");
            server.close();
            await().until(() -> !registration.isListening());
            server = server(data, port);
            heard.await(Heard.GAP);
            await().ignoreExceptionsInstanceOf(DataAccessException.class).until(() -> {
                send(bus, "2");
                return true;
            });
            heard.await("2");
            assertThat(heard.all()).containsExactly("1", Heard.GAP, "2");
        } finally {
            server.close();
        }
    }

    private static EmbeddedPostgres server(Path data, int port) throws IOException {
        EmbeddedPostgres.Builder builder =
                EmbeddedPostgres.builder().setDataDirectory(data).setCleanDataDirectory(false);
        return (port == 0 ? builder : builder.setPort(port)).start();
    }

    @Test
    void warnsOfAQueueThatASessionInATransactionKeepsFromBeingEmptied() throws SQLException {
        String url = TestPostgres.newDatabaseUrl();
        Heartbeat.Settings sensitive = new Heartbeat.Settings(QUICK.interval(), QUICK.bound(), 1e-9);
        try (TestBus bus = start(url, TestPostgres.dedicated(url), sensitive);
                Connection sleeper = sleeperInATransaction(url)) {
            await().until(() -> {
                send(bus, "x".repeat(7_000));
                return LogCapture.warnings().stream().anyMatch(each -> each.contains("queue of notifications is"));
            });
            assertThat(sleeper.isClosed()).isFalse();
            assertThat(channels.status().reconnects()).isZero();
        }
    }

    @Test
    void staysWhenTheQueueIsFullAndGoesOnWhenItIsEmptied() throws Exception {
        try (TestBus any = new TestBus(TestPostgres.newDatabaseUrl())) {
            assumeTrue(
                    any.jdbc().queryForObject("SELECT current_setting('server_version_num')::integer", Integer.class)
                            >= 170000,
                    "The size of the queue cannot be set before PostgreSQL 17");
        }
        try (EmbeddedPostgres server = EmbeddedPostgres.builder()
                .setServerConfig("max_notify_queue_pages", "64")
                .start()) {
            String url = "jdbc:postgresql://localhost:" + server.getPort() + "/postgres";
            try (TestBus bus = start(url, TestPostgres.dedicated(url), QUICK)) {
                try (Connection sleeper = sleeperInATransaction(url)) {
                    await().until(() -> isRefused(bus));
                    await().until(() -> LogCapture.warnings().stream().anyMatch(each -> each.contains("100 % full")));
                    // Some heartbeats that cannot be sent.
                    pass(Duration.ofSeconds(3));
                    assertThat(sleeper.isClosed()).isFalse();
                }
                await().ignoreExceptionsInstanceOf(DataAccessException.class).until(() -> {
                    send(bus, "last");
                    return true;
                });
                heard.await("last");
                assertThat(heard.all()).doesNotContain(Heard.GAP);
                assertThat(channels.status().reconnects()).isZero();
            }
        }
    }

    @Test
    void goesBackToThePoolThatHasLentItWithoutListensAndLocks() throws SQLException {
        String url = TestPostgres.newDatabaseUrl();
        try (HikariDataSource pool = TestPostgres.pool(url, 1)) {
            try (TestBus bus = start(url, pool::getConnection, QUICK)) {
                hub.park("s");
                await().until(() -> locks(bus).size() == 2);
                String session = locks(bus).get(0);
                hub.stop();
                assertThat(locks(bus)).isEmpty();
                assertThat(stateOf(pool)).isEqualTo(session + " listens to 0 channels");
            }
        }
    }

    @Test
    void goesBackToThePoolWithoutListensAndLocksAlsoAfterAFailureOfOurs() throws SQLException {
        String url = TestPostgres.newDatabaseUrl();
        CountDownLatch failed = new CountDownLatch(2);
        NobodySleeps failing = new NobodySleeps() {
            @Override
            public void connected() {
                failed.countDown();
                throw new IllegalStateException("not ready");
            }
        };
        try (HikariDataSource pool = TestPostgres.pool(url, 1);
                TestBus bus = new TestBus(url)) {
            hub = new WakeUpHub(pool::getConnection, bus.schema(), SETTINGS, failing, channels, QUICK);
            hub.start();
            await().until(() -> failed.getCount() == 0);
            hub.stop();
            assertThat(locks(bus)).isEmpty();
            assertThat(stateOf(pool)).endsWith(" listens to 0 channels");
        }
    }

    @Test
    void goesBackToThePoolWithoutLocksIfTheHubNeverTakesItOver() throws SQLException {
        String url = TestPostgres.newDatabaseUrl();
        try (HikariDataSource pool = TestPostgres.pool(url, 1);
                TestBus bus = new TestBus(url)) {
            EarlyConnection early = new EarlyConnection(pool::getConnection);
            Connection first = early.openEarly();
            assertThat(first).isNotNull();
            try (Statement statement = first.createStatement()) {
                statement.execute("SELECT pg_advisory_lock_shared(1, 2)");
            }
            assertThat(locks(bus)).hasSize(1);
            early.closeEarly();
            assertThat(locks(bus)).isEmpty();
        }
    }

    /** The sessions that hold advisory locks, one for each lock. */
    private static List<String> locks(TestBus bus) {
        return bus.jdbc()
                .queryForList(
                        "SELECT pid::text FROM pg_locks WHERE locktype = 'advisory' AND database ="
                                + " (SELECT oid FROM pg_database WHERE datname = current_database())",
                        String.class);
    }

    private static String stateOf(HikariDataSource pool) {
        return String.valueOf(new JdbcTemplate(pool)
                .queryForObject(
                        "SELECT pg_backend_pid() || ' listens to ' || count(*) || ' channels' FROM pg_listening_channels()",
                        String.class));
    }

    private static boolean isRefused(TestBus bus) {
        try {
            for (int i = 0; i < 20; i++) {
                send(bus, i + "x".repeat(7_000));
            }
            return false;
        } catch (DataAccessException ex) {
            return String.valueOf(ex.getMessage()).contains("too many notifications");
        }
    }

    private static Connection sleeperInATransaction(String url) throws SQLException {
        Connection sleeper = TestPostgres.dedicated(url).open();
        try (Statement statement = sleeper.createStatement()) {
            statement.execute("LISTEN elsewhere");
            sleeper.setAutoCommit(false);
            statement.execute("SELECT 1");
        }
        return sleeper;
    }

    /** A server that cannot be reached. */
    private static final class CutOff implements DedicatedConnections {

        private final DedicatedConnections connections;
        private volatile boolean cut = true;

        CutOff(DedicatedConnections connections) {
            this.connections = connections;
        }

        @Override
        public Connection open() throws SQLException {
            if (cut) {
                throw new SQLException("cut off");
            }
            return connections.open();
        }
    }

    /** Gates are of no interest here. */
    private static class NobodySleeps implements WakeUpHub.WakeUpListener {

        @Override
        public void woken(String subscription, Duration dueIn) {}

        @Override
        public void helpWanted(String subscription) {}

        @Override
        public void parked(String subscription) {}

        @Override
        public void overlooked(String subscription) {}

        @Override
        public void connected() {}
    }
}
