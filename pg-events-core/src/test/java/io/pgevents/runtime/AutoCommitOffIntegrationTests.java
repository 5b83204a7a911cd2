package io.pgevents.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pgevents.OutgoingEvent;
import io.pgevents.admin.DeadLetters;
import io.pgevents.capture.Capture;
import io.pgevents.capture.RowCaptures;
import io.pgevents.channel.ChannelListener;
import io.pgevents.channel.ChannelSender;
import io.pgevents.channel.Channels;
import io.pgevents.codec.Jackson2EventCodec;
import io.pgevents.live.LiveLog;
import io.pgevents.maintenance.Maintenance;
import io.pgevents.maintenance.Retention;
import io.pgevents.publish.JdbcEventPublisher;
import io.pgevents.publish.JdbcEventPublisher.PublishSettings;
import io.pgevents.support.LiveRecorder;
import io.pgevents.support.TestBus;
import io.pgevents.support.TestPostgres;
import io.pgevents.support.TestSettings;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** {@code spring.datasource.hikari.auto-commit=false}: what nobody commits is rolled back with the connection. */
@Timeout(90)
class AutoCommitOffIntegrationTests {

    private static final Duration KEPT = Duration.ofMillis(300);

    private final String url = TestPostgres.newDatabaseUrl();
    private final TestBus bus = TestBus.withoutAutoCommit(url, new LiveLog.Settings(KEPT, 10, 100));
    private final JdbcTemplate outside = new JdbcTemplate(new DriverManagerDataSource(url, "postgres", "postgres"));
    private final LiveRecorder live = new LiveRecorder();
    private final Queue<String> handled = new ConcurrentLinkedQueue<>();

    @AfterEach
    void close() {
        bus.close();
    }

    private TestBus.Body handler() {
        return event -> {
            handled.add(event.payload());
            return List.of();
        };
    }

    private long count(String table) {
        Long count = outside.queryForObject("SELECT count(*) FROM " + table, Long.class);
        return count == null ? -1 : count;
    }

    @Test
    void whatIsPublishedWithoutATransactionIsCommittedAndHandled() {
        bus.subscribe("transactional", "t", TestSettings.QUICK, handler())
                .subscribe("leased", "t", TestSettings.leased(), handler())
                .start();
        bus.publisher().publish("t", 1);
        OutgoingEvent once = OutgoingEvent.of("t", 2).withDeduplicationKey("once");
        bus.publisher().publish(once);
        assertThat(bus.publisher().publish(once).isDuplicate()).isTrue();
        await().until(() -> handled.size() == 4);
        assertThat(handled).containsExactlyInAnyOrder("1", "1", "2", "2");
        await().until(() -> count("event_queue WHERE status = 'done'") == 4);
    }

    @Test
    void whatIsPublishedInATransactionLivesAndDiesWithIt() {
        bus.subscribe("durable", "t", TestSettings.QUICK, handler()).start();
        bus.transaction().executeWithoutResult(status -> {
            bus.publisher().publish("t", 1);
            status.setRollbackOnly();
        });
        bus.transaction().executeWithoutResult(status -> {
            bus.publisher().publish("t", 2);
            assertThat(count("event_queue"))
                    .as("seen by others before the commit")
                    .isZero();
        });
        await().until(() -> !handled.isEmpty());
        assertThat(handled).containsExactly("2");
    }

    @Test
    void liveTopicsAreRoutedAndBroadcastsAreWritten() {
        bus.broadcastTo("live", "t", live).start();
        assertThat(count("event_live_topic")).isEqualTo(1);
        bus.publisher().publish("t", 1);
        live.await(1);
        bus.publisher().broadcast("t", 2);
        live.await(2);
        assertThat(live.payloads()).containsExactly("1", "2");
    }

    @Test
    void whatIsKeptNoLongerIsPruned() {
        bus.settings(settings -> TestSettings.retention(settings, new Retention(Duration.ofHours(1), null)))
                .subscribe("durable", "t", TestSettings.QUICK, handler())
                .live("t")
                .start();
        bus.publisher().publish("t", 1);
        await().until(() -> count("event_queue WHERE status = 'done'") == 1);
        Maintenance maintenance =
                new Maintenance(bus.pool(), bus.schema(), new Retention(Duration.ofMillis(1), Duration.ofMillis(1)));
        await().until(() -> {
            maintenance.prune();
            return count("event_queue") == 0;
        });
        await().until(() -> {
            bus.feed().prune();
            return count("event_log") == 0;
        });
    }

    @Test
    void changesOfRowsAreCapturedAndTheirDeclarationIsRegistered() {
        outside.execute("CREATE TABLE orders (id int PRIMARY KEY)");
        RowCaptures captures = new RowCaptures(
                bus.pool(), new JdbcTransactionManager(bus.pool()), bus.schema(), RowCaptures.Settings.DEFAULT);
        Capture capture = captures.declare("orders", Capture.Filter.EVERYTHING);
        captures.start();
        bus.subscribe("changes", capture.topic(), TestSettings.QUICK, handler()).start();
        outside.update("INSERT INTO orders VALUES (1)");
        await().until(() -> handled.size() == 1);
        assertThat(count("event_capture")).isEqualTo(1);
        captures.stop();
    }

    @Test
    void instancesAndLeasesAndDeadLettersAreKept() {
        bus.start();
        assertThat(count("event_node")).isEqualTo(1);
        outside.update("INSERT INTO event_queue (topic, payload, subscription, status, locked_by, locked_until)"
                + " VALUES ('t', '1', 's', 'processing', 'x', now() - interval '1 s')");
        assertThat(new Maintenance(bus.pool(), bus.schema(), Retention.DEFAULT).recoverLeases())
                .isEqualTo(1);
        assertThat(count("event_queue WHERE status = 'pending'")).isEqualTo(1);
        outside.update("UPDATE event_queue SET status = 'failed', finished_at = now()");
        assertThat(new DeadLetters(bus.pool(), bus.schema()).replayAll("s", 1)).isEqualTo(1);
        assertThat(count("event_queue WHERE status = 'pending'")).isEqualTo(1);
        bus.stop();
        assertThat(count("event_node")).isZero();
    }

    @Test
    void aNotificationIsSentWithoutATransaction() throws InterruptedException {
        bus.start();
        ChannelListener listener = notification -> handled.add(notification.payload());
        try (Channels.Registration registration = bus.channels().listen("c", listener)) {
            assertThat(registration.awaitListening(Duration.ofSeconds(30))).isTrue();
            new ChannelSender(bus.pool(), bus.schema(), new Jackson2EventCodec()).send("c", "hello");
            await().until(() -> handled.contains("hello"));
        }
    }

    /** Who gets the connection next relies on it, and not every pool looks after that. */
    @Test
    void connectionsAreGivenBackAsTheyWere() throws SQLException {
        try (Connection only = bus.pool().getConnection()) {
            JdbcEventPublisher publisher = new JdbcEventPublisher(
                    new SingleConnectionDataSource(only, true),
                    bus.schema(),
                    new Jackson2EventCodec(),
                    PublishSettings.DEFAULT);
            publisher.publish("t", 1);
            assertThat(only.getAutoCommit()).isFalse();
            assertThat(count("event_queue")).isEqualTo(1);
        }
    }
}
