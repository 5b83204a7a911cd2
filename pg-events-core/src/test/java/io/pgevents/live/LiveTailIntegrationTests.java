package io.pgevents.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pgevents.schema.SchemaSettings;
import io.pgevents.subscription.TopicPattern;
import io.pgevents.support.LiveRecorder;
import io.pgevents.support.TestBus;
import io.pgevents.support.TestPostgres;
import io.pgevents.support.TestSettings;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What listeners get, with a poll that comes too late for every test. */
@Timeout(90)
class LiveTailIntegrationTests {

    private static final List<TopicPattern> TOPIC = List.of(new TopicPattern("t"));

    private final TestBus bus = new TestBus(TestPostgres.newDatabaseUrl())
            .settings(TestSettings::slowPoll)
            .live("t", "other");
    private final LiveRecorder live = new LiveRecorder();

    @BeforeEach
    void start() {
        bus.start();
        // A publisher that is under way while the gate closes may have to wait for the poll.
        await().until(() -> Boolean.TRUE.equals(bus.jdbc()
                .queryForObject(
                        "SELECT count(*) = 1 FROM pg_locks WHERE locktype = 'advisory' AND granted AND mode = 'ExclusiveLock'"
                                + " AND classid = 'event_queue'::regclass::oid",
                        Boolean.class)));
    }

    @AfterEach
    void stop() {
        bus.close();
    }

    private void insert(String payload) {
        bus.jdbc().update("INSERT INTO event_log (topic, payload) VALUES ('t', ?::jsonb)", payload);
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.range(from, to).mapToObj(String::valueOf).toList();
    }

    @Test
    void aListenerGetsWhatIsCommittedFromThenOnAndOnlyItsTopics() {
        insert("0");
        LiveFeed.Registration registration = bus.feed().listen(TOPIC, live);
        bus.jdbc().update("INSERT INTO event_log (topic, payload) VALUES ('other', '8')");
        insert("1");
        live.await(1);
        insert("2");
        live.await(2);
        registration.close();
        insert("3");
        LiveRecorder later = new LiveRecorder();
        bus.feed().listen(TOPIC, live.cursorOf("2"), later);
        assertThat(later.payloads()).containsExactly("3");
        assertThat(live.payloads()).containsExactly("1", "2");
    }

    /** The transaction with the smaller id commits last. */
    @Test
    void whatCommitsOutOfOrderIsNeitherLostNorToldTwice() throws SQLException {
        bus.feed().listen(TOPIC, live);
        try (Connection first = bus.pool().getConnection();
                Connection second = bus.pool().getConnection()) {
            begin(first, "1");
            begin(second, "2");
            insert("3");
            live.await(1);
            second.commit();
            live.await(2);
            insert("4");
            live.await(3);
            first.commit();
            live.await(4);
        }
        insert("5");
        live.await(5);
        assertThat(live.payloads()).containsExactly("3", "2", "4", "1", "5");
        for (LiveEvent each : live.events()) {
            LiveRecorder resumed = new LiveRecorder();
            bus.feed().listen(TOPIC, each.cursor(), resumed).close();
            List<String> rest = live.payloads()
                    .subList(live.events().indexOf(each) + 1, live.events().size());
            assertThat(resumed.payloads()).as(each.payload()).containsExactlyInAnyOrderElementsOf(rest);
        }
    }

    private static void begin(Connection connection, String payload) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO event_log (topic, payload) VALUES ('t', '" + payload + "')");
        }
    }

    /** More than a page, so that most cursors lie in the middle of a read. */
    @Test
    void everyCursorIsExact() throws SQLException {
        bus.feed().listen(TOPIC, live);
        try (Connection open = bus.pool().getConnection()) {
            begin(open, "-1");
            bus.jdbc()
                    .update(
                            "INSERT INTO event_log (topic, payload) SELECT 't', to_jsonb(n) FROM generate_series(0, 449) n");
            live.await(450);
            assertThat(live.payloads()).isEqualTo(numbers(0, 450));
            open.commit();
        }
        live.await(451);
        for (int i = 0; i < 450; i += 7) {
            LiveRecorder resumed = new LiveRecorder();
            bus.feed().listen(TOPIC, live.events().get(i).cursor(), resumed).close();
            List<String> expected = new ArrayList<>(numbers(i + 1, 450));
            expected.add("-1");
            assertThat(resumed.payloads()).isEqualTo(expected);
            LiveEvent middle = resumed.events().get(resumed.events().size() / 2);
            LiveRecorder again = new LiveRecorder();
            bus.feed().listen(TOPIC, middle.cursor(), again).close();
            assertThat(again.payloads())
                    .isEqualTo(expected.subList(expected.indexOf(middle.payload()) + 1, expected.size()));
        }
    }

    @Test
    void whoComesBackAgainAndAgainWhileOthersPublishMissesNothingAndGetsNothingTwice() {
        LiveCursor cursor = bus.feed().now();
        int publishers = 4;
        int each = 400;
        List<CompletableFuture<Void>> running = IntStream.range(0, publishers)
                .mapToObj(publisher -> CompletableFuture.runAsync(() -> {
                    for (int i = 0; i < each; i++) {
                        insert("\"" + publisher + "-" + i + "\"");
                    }
                }))
                .toList();
        List<String> all = new ArrayList<>();
        while (all.size() < publishers * each) {
            LiveRecorder part = new LiveRecorder();
            LiveFeed.Registration registration = bus.feed().listen(TOPIC, cursor, part);
            await().until(() -> part.events().size() >= 5 || running.stream().allMatch(CompletableFuture::isDone));
            registration.close();
            List<LiveEvent> events = part.events();
            all.addAll(events.stream().map(LiveEvent::payload).toList());
            cursor = events.isEmpty() ? cursor : events.get(events.size() - 1).cursor();
            assertThat(part.gaps()).isZero();
        }
        assertThat(all).doesNotHaveDuplicates().hasSize(publishers * each);
        for (int publisher = 0; publisher < publishers; publisher++) {
            String prefix = "\"" + publisher + "-";
            assertThat(all.stream().filter(text -> text.startsWith(prefix)))
                    .isEqualTo(IntStream.range(0, each)
                            .mapToObj(i -> prefix + i + "\"")
                            .toList());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "'; DROP TABLE event_log; --", "zzzzzzzzz:0", "a:5_a:5", "another_5:0", "\u0000"})
    void aCursorThatCannotBeReadIsAGap(String text) {
        bus.feed().listen(TOPIC, new LiveCursor(text), live);
        assertThat(live.gaps()).isEqualTo(1);
        insert("1");
        assertThat(live.await(1)).hasSize(1);
    }

    @Test
    void aLongAbsenceIsAGap() {
        TestBus small = new TestBus(
                TestPostgres.newDatabaseUrl(),
                SchemaSettings.DEFAULT,
                new LiveLog.Settings(Duration.ofMinutes(1), 10, 20));
        try (small) {
            small.live("t").start();
            LiveCursor before = small.feed().now();
            small.jdbc()
                    .update(
                            "INSERT INTO event_log (topic, payload) SELECT 't', to_jsonb(n) FROM generate_series(1, 21) n");
            small.feed().listen(TOPIC, before, live);
            assertThat(live.gaps()).isEqualTo(1);
        }
    }

    /** A crash and a promotion empty that table. */
    @Test
    void anotherLifeOfTheServerIsAGapForListenersAndForCursorsOfTheOneBefore() {
        LiveRecorder other = new LiveRecorder();
        TestBus second = new TestBus(bus.pool().getJdbcUrl()).live("t").start();
        try (second) {
            bus.feed().listen(TOPIC, live);
            second.feed().listen(TOPIC, other);
            insert("0");
            live.await(1);
            other.await(1);
            bus.jdbc().update("DELETE FROM event_log_life");
            insert("1");
            live.awaitGap();
            other.awaitGap();
            insert("2");
            live.await(2);
            other.await(2);
            assertThat(live.payloads()).containsExactly("0", "2");
            assertThat(live.gaps()).isEqualTo(1);
            assertThat(other.gaps()).isEqualTo(1);
            LiveRecorder back = new LiveRecorder();
            bus.feed().listen(TOPIC, live.cursorOf("0"), back);
            assertThat(back.gaps()).isEqualTo(1);
            insert("3");
            LiveRecorder since = new LiveRecorder();
            second.feed().listen(TOPIC, live.cursorOf("2"), since);
            assertThat(since.await(1)).hasSize(1);
            assertThat(since.gaps()).isZero();
        }
    }

    @Test
    void nothingIsMissedWhileTheListeningConnectionIsKilled() {
        bus.feed().listen(TOPIC, live);
        for (int i = 0; i < 300; i++) {
            insert(String.valueOf(i));
            if (i % 60 == 0) {
                bus.jdbc()
                        .execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                                + " WHERE application_name = 'pg-events-hub' AND datname = current_database()");
            }
        }
        live.await(300);
        assertThat(live.payloads()).isEqualTo(numbers(0, 300));
        assertThat(live.gaps()).isZero();
        awaitReconnects();
    }

    /** Whatever was killed, the listening connection was. */
    private void awaitReconnects() {
        await().until(() -> bus.channels().status().reconnects() > 0);
    }

    @Test
    void nothingIsMissedWhileAllConnectionsAreKilled() {
        bus.feed().listen(TOPIC, live);
        insert("0");
        live.await(1);
        for (int i = 1; i < 20; i++) {
            // The pool may give a connection that the last round has killed.
            await().ignoreExceptions().until(() -> {
                bus.jdbc()
                        .execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                                + " WHERE pid <> pg_backend_pid() AND datname = current_database()");
                return true;
            });
            String payload = String.valueOf(i);
            await().ignoreExceptions().until(() -> {
                insert(payload);
                return true;
            });
        }
        live.await(20);
        assertThat(live.payloads()).isEqualTo(numbers(0, 20));
        assertThat(live.gaps()).isZero();
        awaitReconnects();
    }

    @Test
    void aListenerThatLeavesAnInterruptBehindDoesNotEndTheTail() {
        bus.feed().listen(TOPIC, new LiveListener() {
            @Override
            public void received(LiveEvent event) {
                Thread.currentThread().interrupt();
            }

            @Override
            public void gap() {}
        });
        bus.feed().listen(TOPIC, live);
        for (int i = 1; i <= 3; i++) {
            insert(String.valueOf(i));
            live.await(i);
        }
        assertThat(live.payloads()).containsExactly("1", "2", "3");
    }

    @Test
    void aListenerThatIsThereBeforeTheStartAndStaysOverAStopMissesNothing() {
        bus.feed().listen(TOPIC, live);
        insert("0");
        live.await(1);
        bus.stop();
        insert("1");
        bus.start();
        insert("2");
        live.await(3);
        assertThat(live.payloads()).containsExactly("0", "1", "2");
    }
}
