package io.pgevents.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pgevents.runtime.PgEventsSettings;
import io.pgevents.support.LiveRecorder;
import io.pgevents.support.TestBus;
import io.pgevents.support.TestPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.PGConnection;

/** Several instances, with a poll that comes too late. */
@Timeout(120)
class LiveClusterTests {

    private final String url = TestPostgres.newDatabaseUrl();
    private final LiveRecorder one = new LiveRecorder();
    private final LiveRecorder two = new LiveRecorder();
    private final LiveRecorder three = new LiveRecorder();

    private TestBus node(boolean listen, Duration poll, LiveRecorder live) {
        return new TestBus(url)
                .settings(s -> new PgEventsSettings(
                        s.nodeName(), listen, poll, s.maxTransactions(), s.drainTimeout(), s.retention()))
                .broadcastTo("live", "t", live)
                .start();
    }

    private TestBus node(LiveRecorder live) {
        return node(true, Duration.ofMinutes(1), live);
    }

    private static void awaitParked(TestBus bus) {
        await().until(() -> Boolean.TRUE.equals(bus.jdbc()
                .queryForObject(
                        "SELECT count(*) = 1 FROM pg_locks WHERE locktype = 'advisory' AND granted AND mode = 'ExclusiveLock'"
                                + " AND classid = 'event_queue'::regclass::oid",
                        Boolean.class)));
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.range(from, to).mapToObj(String::valueOf).toList();
    }

    @Test
    void everyInstanceGetsEachEventInOrder() {
        try (TestBus first = node(one);
                TestBus second = node(two);
                TestBus third = node(three)) {
            awaitParked(first);
            for (int i = 0; i < 200; i++) {
                (i < 100 ? first : second).publisher().broadcast("t", i);
                if (i == 99) {
                    one.await(100);
                }
            }
            one.await(200);
            for (int i = 200; i < 210; i++) {
                third.publisher().publish("t", i);
                int count = i + 1;
                Stream.of(one, two, three).forEach(each -> each.await(count));
            }
            Stream.of(one, two, three)
                    .forEach(each -> assertThat(each.payloads()).isEqualTo(numbers(0, 210)));
        }
    }

    @Test
    void allAreWokenAgainAndAgain() {
        try (TestBus first = node(one);
                TestBus second = node(two);
                TestBus third = node(three)) {
            for (int i = 1; i <= 10; i++) {
                awaitParked(first);
                first.jdbc().update("INSERT INTO event_log (topic, payload) VALUES ('t', '1')");
                one.await(i);
                two.await(i);
                three.await(i);
            }
            assertThat(second.feed()).isNotSameAs(third.feed());
        }
    }

    /** Its trigger saw an open gate, and notified nobody; one instance knows of it, and tells the other. */
    @Test
    void whatATransactionHasWrittenThatIsOlderThanTheGateIsHeardByAll() throws SQLException {
        node(new LiveRecorder()).close();
        try (Connection older = DriverManager.getConnection(url, "postgres", "postgres");
                Statement statement = older.createStatement()) {
            older.setAutoCommit(false);
            statement.execute("INSERT INTO event_log (topic, payload) VALUES ('t', '1')");
            try (TestBus first = node(one);
                    TestBus second = node(two)) {
                awaitParked(first);
                awaitRest(second);
                older.commit();
                one.await(1);
                two.await(1);
            }
        }
    }

    /** Until the tails of both instances have not read for a while. */
    private static void awaitRest(TestBus bus) {
        String reads = "SELECT seq_scan + idx_scan FROM pg_stat_user_tables WHERE relname = 'event_log_tick'";
        Long[] before = {-1L};
        await().pollInterval(Duration.ofSeconds(2)).until(() -> {
            Long last = before[0];
            before[0] = bus.jdbc().queryForObject(reads, Long.class);
            return before[0].equals(last);
        });
    }

    @Test
    void worksAtThePollIntervalWithoutListening() {
        try (TestBus first = node(false, Duration.ofMillis(200), one);
                TestBus second = node(false, Duration.ofMillis(200), two)) {
            for (int i = 1; i <= 3; i++) {
                first.jdbc().update("INSERT INTO event_log (topic, payload) VALUES ('t', '1')");
                one.await(i);
                two.await(i);
            }
            assertThat(second.feed()).isNotNull();
        }
    }

    @Test
    void aBusyLogSendsHardlyAnyNotification() throws SQLException {
        try (TestBus first = node(one);
                TestBus second = node(two);
                Connection listening = listen(first)) {
            awaitParked(first);
            insert(first, 500);
            assertThat(notifications(listening)).isPositive();
            insert(first, 3000);
            assertThat(notifications(listening)).isLessThan(200);
            one.await(3500);
            two.await(3500);
            awaitParked(second);
        }
    }

    private static void insert(TestBus bus, int events) {
        for (int i = 0; i < events; i++) {
            bus.jdbc().update("INSERT INTO event_log (topic, payload) VALUES ('t', '1')");
        }
    }

    private Connection listen(TestBus bus) throws SQLException {
        Connection connection = DriverManager.getConnection(url, "postgres", "postgres");
        Long queue = bus.jdbc().queryForObject("SELECT 'event_queue'::regclass::oid::bigint", Long.class);
        try (Statement statement = connection.createStatement()) {
            statement.execute("LISTEN pg_events_" + queue);
        }
        return connection;
    }

    private static long notifications(Connection listening) throws SQLException {
        try (Statement statement = listening.createStatement()) {
            statement.execute("SELECT 1");
        }
        return Stream.of(listening.unwrap(PGConnection.class).getNotifications())
                .count();
    }
}
