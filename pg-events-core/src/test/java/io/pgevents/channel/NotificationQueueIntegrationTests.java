package io.pgevents.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pgevents.OutgoingEvent;
import io.pgevents.subscription.SubscriptionSettings;
import io.pgevents.support.LiveRecorder;
import io.pgevents.support.LogCapture;
import io.pgevents.support.TestBus;
import io.pgevents.support.TestPostgres;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.dao.DataAccessException;

/** The server's queue of notifications, which one session that sleeps in a transaction fills. */
@Timeout(120)
@ExtendWith(LogCapture.class)
class NotificationQueueIntegrationTests {

    private final HubFixture fixture = new HubFixture();
    private final Channels channels = fixture.channels;
    private final Heard heard = fixture.heard;

    @AfterEach
    void stop() {
        fixture.close();
    }

    private static void pass(Duration time) {
        await().pollDelay(time).atMost(time.plusSeconds(10)).until(() -> true);
    }

    @Test
    void warnsOfAQueueThatASessionInATransactionKeepsFromBeingEmptied() throws SQLException {
        String url = TestPostgres.newDatabaseUrl();
        Heartbeat.Settings sensitive =
                new Heartbeat.Settings(HubFixture.QUICK.interval(), HubFixture.QUICK.bound(), 1e-9);
        try (TestBus bus = fixture.listening(url, TestPostgres.dedicated(url), sensitive);
                Connection sleeper = sleeperInATransaction(url)) {
            await().until(() -> {
                HubFixture.send(bus, "x".repeat(7_000));
                return LogCapture.warnings().stream().anyMatch(each -> each.contains("queue of notifications is"));
            });
            assertThat(sleeper.isClosed()).isFalse();
            assertThat(channels.status().reconnects()).isZero();
        }
    }

    @Test
    void staysWhenTheQueueIsFullAndGoesOnWhenItIsEmptied() throws Exception {
        try (EmbeddedPostgres server = serverWithASmallQueue()) {
            String url = url(server);
            try (TestBus bus = fixture.listening(url, TestPostgres.dedicated(url), HubFixture.QUICK)) {
                try (Connection sleeper = sleeperInATransaction(url)) {
                    await().until(() -> isRefused(bus));
                    await().until(() -> LogCapture.warnings().stream().anyMatch(each -> each.contains("100 % full")));
                    // Some heartbeats that cannot be sent.
                    pass(Duration.ofSeconds(3));
                    assertThat(sleeper.isClosed()).isFalse();
                }
                await().ignoreExceptionsInstanceOf(DataAccessException.class).until(() -> {
                    HubFixture.send(bus, "last");
                    return true;
                });
                heard.await("last");
                assertThat(heard.all()).doesNotContain(Heard.GAP);
                assertThat(channels.status().reconnects()).isZero();
            }
        }
    }

    @Test
    void failsNoPublisherAndHoldsNothingBackWhenItIsFull() throws Exception {
        try (EmbeddedPostgres server = serverWithASmallQueue();
                TestBus bus = new TestBus(url(server))) {
            Queue<String> handled = new ConcurrentLinkedQueue<>();
            LiveRecorder told = new LiveRecorder();
            bus.subscribe("s", "durable", SubscriptionSettings.DEFAULT, event -> {
                        handled.add(event.payload());
                        return List.of();
                    })
                    .broadcastTo("b", "told", told)
                    .start();
            await("both sleep").until(() -> gates(bus) == 2);
            try (Connection sleeper = sleeperInATransaction(url(server))) {
                await().until(() -> isRefused(bus));
                for (int i = 1; i <= 3; i++) {
                    bus.publisher().publish(OutgoingEvent.of("durable", 2 * i));
                    bus.publisher().broadcast(OutgoingEvent.of("told", 2 * i + 1));
                }
                bus.jdbc().update("INSERT INTO event_queue (topic, payload) VALUES ('durable', '8'), ('told', '9')");
                await().until(() -> handled.size() == 4);
                told.await(4);
                assertThat(isRefused(bus)).isTrue();
                assertThat(sleeper.isClosed()).isFalse();
            }
            assertThat(handled).containsExactlyInAnyOrder("2", "4", "6", "8");
            assertThat(told.payloads()).containsExactlyInAnyOrder("3", "5", "7", "9");
            assertThat(bus.channels().status().reconnects()).isZero();
            await("both sleep again").until(() -> gates(bus) == 2);
            assertThat(LogCapture.warnings()).noneMatch(each -> each.contains("is left out"));
        }
    }

    private static EmbeddedPostgres serverWithASmallQueue() throws IOException {
        try (TestBus any = new TestBus(TestPostgres.newDatabaseUrl())) {
            assumeTrue(
                    any.jdbc().queryForObject("SELECT current_setting('server_version_num')::integer", Integer.class)
                            >= 170000,
                    "The size of the queue cannot be set before PostgreSQL 17");
        }
        return EmbeddedPostgres.builder()
                .setServerConfig("max_notify_queue_pages", "64")
                .start();
    }

    private static String url(EmbeddedPostgres server) {
        return "jdbc:postgresql://localhost:" + server.getPort() + "/postgres";
    }

    private static int gates(TestBus bus) {
        return Objects.requireNonNull(bus.jdbc()
                .queryForObject(
                        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND mode = 'ExclusiveLock' AND granted"
                                + " AND classid = 'event_queue'::regclass",
                        Integer.class));
    }

    private static boolean isRefused(TestBus bus) {
        try {
            for (int i = 0; i < 20; i++) {
                HubFixture.send(bus, i + "x".repeat(7_000));
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
}
