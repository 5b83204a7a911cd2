package io.pgevents.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.pgevents.jdbc.EarlyConnection;
import io.pgevents.support.TestBus;
import io.pgevents.support.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.jdbc.core.JdbcTemplate;

/** What a pool gets back that has lent the listening connection. */
@Timeout(120)
class LentConnectionIntegrationTests {

    private final HubFixture fixture = new HubFixture();

    @AfterEach
    void stop() {
        fixture.close();
    }

    @Test
    void goesBackToThePoolThatHasLentItWithoutListensAndLocks() throws SQLException {
        String url = TestPostgres.newDatabaseUrl();
        try (HikariDataSource pool = TestPostgres.pool(url, 1)) {
            try (TestBus bus = new TestBus(url)) {
                WakeUpHub hub = fixture.start(pool::getConnection, bus.schema(), new NobodySleeps(), HubFixture.QUICK);
                hub.park("s");
                await().until(() -> locks(bus).size() == 2);
                String session = locks(bus).get(0);
                hub.stop();
                assertThat(locks(bus)).isEmpty();
                assertThat(stateOf(pool)).isEqualTo(session + " listens to 0 channels, guarded: false");
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
            WakeUpHub hub = fixture.start(pool::getConnection, bus.schema(), failing, HubFixture.QUICK);
            await().until(() -> failed.getCount() == 0);
            hub.stop();
            assertThat(locks(bus)).isEmpty();
            assertThat(stateOf(pool)).endsWith(" listens to 0 channels, guarded: false");
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
                        "SELECT pg_backend_pid() || ' listens to ' || count(*) || ' channels, guarded: '"
                                + " || (current_setting('tcp_keepalives_idle') = '15') FROM pg_listening_channels()",
                        String.class));
    }
}
