package io.pgevents.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pgevents.schema.SchemaSettings;
import io.pgevents.subscription.TopicPattern;
import io.pgevents.support.LiveRecorder;
import io.pgevents.support.LogCapture;
import io.pgevents.support.TestBus;
import io.pgevents.support.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(90)
@ExtendWith(LogCapture.class)
class LogRetentionIntegrationTests {

    private static final List<TopicPattern> TOPIC = List.of(new TopicPattern("t"));

    private final TestBus bus = new TestBus(
            TestPostgres.newDatabaseUrl(),
            SchemaSettings.DEFAULT,
            new LiveLog.Settings(Duration.ofMillis(300), 10, 10_000));
    private final LiveRecorder live = new LiveRecorder();

    @BeforeEach
    void start() {
        bus.live("t").start();
    }

    @AfterEach
    void stop() {
        bus.close();
    }

    private void insert(String payloads) {
        bus.jdbc().update("INSERT INTO event_log (topic, payload) SELECT 't', to_jsonb(n) FROM " + payloads + " AS n");
    }

    private long rows() {
        Long rows = bus.jdbc().queryForObject("SELECT count(*) FROM event_log", Long.class);
        return rows == null ? -1 : rows;
    }

    private void awaitPruned() {
        await().until(() -> {
            bus.feed().prune();
            return rows() == 0;
        });
    }

    @Test
    void whatIsOlderThanTheRetentionIsDeletedAndACursorFromBeforeIsAGap() {
        LiveCursor before = bus.feed().now();
        insert("generate_series(1, 2500)");
        LiveCursor after = bus.feed().now();
        awaitPruned();
        bus.feed().listen(TOPIC, before, live);
        assertThat(live.gaps()).isEqualTo(1);
        assertThat(live.events()).isEmpty();
        LiveRecorder recent = new LiveRecorder();
        bus.feed().listen(TOPIC, after, recent);
        assertThat(recent.gaps()).isZero();
    }

    /** Other topics are pruned, and its own cursor, that of its last event, would be too old. */
    @Test
    void aListenerWhoseTopicIsQuietComesBackWithoutAGap() {
        LiveFeed.Registration registration = bus.feed().listen(TOPIC, live);
        insert("generate_series(1, 1)");
        live.await(1);
        await().until(() -> {
            bus.jdbc().update("INSERT INTO event_log (topic, payload) VALUES ('other', '1')");
            bus.feed().prune();
            return gapsSince(live.cursorOf("1")) == 1;
        });
        int before = live.reached().size();
        await().until(() -> live.reached().size() > before);
        registration.close();
        insert("generate_series(2, 2)");
        LiveRecorder again = new LiveRecorder();
        bus.feed().listen(TOPIC, live.reached().get(live.reached().size() - 1), again);
        assertThat(again.payloads()).containsExactly("2");
        assertThat(again.gaps()).isZero();
    }

    private int gapsSince(LiveCursor cursor) {
        LiveRecorder other = new LiveRecorder();
        bus.feed().listen(TOPIC, cursor, other).close();
        return other.gaps();
    }

    @Test
    void nothingIsWrittenOnceAllIsPruned() {
        insert("generate_series(1, 3)");
        awaitPruned();
        // Transaction ids are those of the whole server: now and then somebody else takes one, a vacuum for example.
        await().until(() -> {
            String before = snapshot();
            for (int i = 0; i < 5; i++) {
                bus.feed().prune();
            }
            return snapshot().equals(before);
        });
    }

    private String snapshot() {
        return bus.jdbc().queryForObject("SELECT pg_snapshot_xmax(pg_current_snapshot())::text", String.class);
    }

    @Test
    void whatALateCommitBringsStaysForTheRetention() throws SQLException {
        LiveCursor before = bus.feed().now();
        try (Connection late = bus.pool().getConnection()) {
            late.setAutoCommit(false);
            try (Statement statement = late.createStatement()) {
                statement.execute("INSERT INTO event_log (topic, payload) VALUES ('t', '0')");
            }
            insert("generate_series(1, 3)");
            await().pollDelay(Duration.ofMillis(900)).until(() -> bus.feed().prune() == 0);
            assertThat(rows()).isEqualTo(3);
            late.commit();
        }
        bus.feed().prune();
        assertThat(rows()).isEqualTo(4);
        bus.feed().listen(TOPIC, before, live);
        assertThat(live.payloads()).containsExactly("0", "1", "2", "3");
        awaitPruned();
    }

    @Test
    void aTransactionThatKeepsItFromBeingPrunedIsWarnedOfOnceEachTime() throws SQLException {
        insert("generate_series(1, 1)");
        bus.jdbc().update("UPDATE event_log SET created_at = created_at - interval '1 hour'");
        for (int episode = 1; episode <= 2; episode++) {
            try (Connection open = bus.pool().getConnection()) {
                open.setAutoCommit(false);
                try (Statement statement = open.createStatement()) {
                    statement.execute("SELECT pg_current_xact_id()");
                }
                bus.feed().prune();
                assertThat(warnings()).as("what is older than it is not held").hasSize(episode - 1);
                insert("generate_series(2, 2)");
                int expected = episode;
                await().until(() -> {
                    bus.feed().prune();
                    return warnings().size() == expected;
                });
                bus.feed().prune();
                assertThat(warnings()).hasSize(episode).allMatch(each -> each.contains("pg_prepared_xacts"));
                open.rollback();
            }
            awaitPruned();
        }
    }

    private static List<String> warnings() {
        return LogCapture.warnings().stream()
                .filter(each -> each.contains("cannot be pruned"))
                .toList();
    }

    @Test
    void whatComesFromAnotherServerHidesNothingFromARunningInstance() {
        bus.feed().listen(TOPIC, live);
        bus.jdbc().update("INSERT INTO event_log_tick (oldest, pruned) VALUES ('900000000000', true)");
        bus.jdbc().update("INSERT INTO event_log (transaction_id, topic, payload) VALUES ('900000000000', 't', '1')");
        insert("generate_series(2, 2)");
        live.await(1);
        awaitPruned();
        assertThat(live.payloads()).containsExactly("2");
        assertThat(live.gaps()).isZero();
        assertThat(bus.jdbc().queryForList("SELECT oldest FROM event_log_tick WHERE oldest >= '900000000000'"))
                .isEmpty();
    }

    @Test
    void whatComesFromAnotherServerIsForgottenWhenTheServerIsFoundToBeAnotherOne() {
        bus.feed().listen(TOPIC, live);
        bus.jdbc().update("INSERT INTO event_log (transaction_id, topic, payload) VALUES ('900000000000', 't', '1')");
        bus.jdbc().update("DELETE FROM event_log_life");
        live.awaitGap();
        await().until(() -> rows() == 0);
    }

    /** A replica that was behind may not know of what was deleted. */
    @ParameterizedTest
    @ValueSource(strings = {"event_log_life", "event_log_tick"})
    void whatComesBackIsDeletedAgain(String emptied) {
        insert("generate_series(1, 3)");
        awaitPruned();
        bus.jdbc().update("DELETE FROM " + emptied);
        bus.feed().prune();
        bus.jdbc().update("INSERT INTO event_log (transaction_id, topic, payload) VALUES ('3', 't', '1')");
        insert("generate_series(1, 3)");
        awaitPruned();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aClockThatWasAheadOnceKeepsNothingFromBeingPruned(boolean pruned) {
        LiveCursor before = bus.feed().now();
        bus.jdbc()
                .update(
                        "INSERT INTO event_log_tick (taken_at, oldest, pruned) VALUES (now() + interval '1 day', '4', ?)",
                        pruned);
        insert("generate_series(1, 3)");
        awaitPruned();
        assertThat(bus.jdbc().queryForList("SELECT FROM event_log_tick WHERE taken_at > now() + interval '1 hour'"))
                .isEmpty();
        bus.feed().listen(TOPIC, before, live);
        assertThat(live.gaps()).isEqualTo(1);
    }

    @Test
    void whatComesFromAnotherServerIsForgottenAtStart() {
        bus.stop();
        bus.jdbc().update("INSERT INTO event_log_tick (oldest, pruned) VALUES ('900000000000', true)");
        bus.jdbc().update("INSERT INTO event_log (transaction_id, topic, payload) VALUES ('900000000000', 't', '1')");
        bus.start();
        assertThat(rows()).isZero();
        bus.feed().listen(TOPIC, bus.feed().now(), live);
        insert("generate_series(2, 2)");
        live.await(1);
        assertThat(live.payloads()).containsExactly("2");
        assertThat(live.gaps()).isZero();
    }
}
