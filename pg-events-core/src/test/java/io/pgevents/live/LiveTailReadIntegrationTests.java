package io.pgevents.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pgevents.live.LogPage.Row;
import io.pgevents.support.TestBus;
import io.pgevents.support.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** What a tail does at positions that a test gives it. */
@Timeout(90)
class LiveTailReadIntegrationTests {

    private final TestBus bus = new TestBus(TestPostgres.newDatabaseUrl());
    private final LogReader reader = new LogReader(bus.pool(), bus.schema());
    private final Told told = new Told();

    /** What a tail says, in its order. */
    private static final class Told implements LiveTail.Sink {

        private final Queue<String> all = new ConcurrentLinkedQueue<>();

        @Override
        public void found(List<Row> rows, Position read) {
            rows.forEach(row -> all.add(row.event().payload()));
        }

        @Override
        public void missed() {
            all.add("missed");
        }

        @Override
        public void startOver(Position now) {
            all.add("another server");
        }
    }

    @AfterEach
    void close() {
        bus.close();
    }

    private void insert(int from, int to) {
        bus.jdbc()
                .update(
                        "INSERT INTO event_log (topic, payload) SELECT 't', to_jsonb(n) FROM generate_series(?, ?) n",
                        from,
                        to);
    }

    private LiveTail tail(LogReader from, Position start) {
        LiveTail tail = new LiveTail(from, start, told, null, Duration.ofMillis(50));
        tail.start();
        return tail;
    }

    private void tellsOnce(String what, Position start) {
        LiveTail tail = tail(reader, start);
        await().until(() -> told.all.contains(what));
        insert(7, 7);
        await().until(() -> told.all.contains("7"));
        tail.stop();
        assertThat(told.all).endsWith(what, "7").containsOnlyOnce(what);
    }

    @Test
    void transactionIdsThatGoBackAreAGap() {
        tellsOnce("another server", Position.at(reader.now().life(), Snapshot.of("900000000000:900000000000:")));
    }

    @Test
    void anotherLifeIsAGap() {
        tellsOnce("another server", Position.at("another", reader.now().upto()));
    }

    /** The last page was handed over before the server has crashed. */
    @ParameterizedTest
    @ValueSource(ints = {1, 1000})
    void aLongReadThatIsContinuedInAnotherLifeIsAGap(int events) {
        Position start = Position.at("another", reader.now().upto());
        insert(100, 99 + events);
        tellsOnce("another server", start.beforeAll(reader.now().upto()));
    }

    @Test
    void aLongReadThatIsContinuedAfterItsEventsWerePrunedIsAGap() {
        Position start = reader.now().end();
        insert(1, 1000);
        Position read = start.beforeAll(reader.now().upto());
        bus.jdbc()
                .update(
                        "INSERT INTO event_log_tick (oldest, pruned) VALUES (pg_snapshot_xmax(pg_current_snapshot()), true)");
        bus.jdbc().update("DELETE FROM event_log");
        tellsOnce("missed", read);
        assertThat(told.all).containsExactly("missed", "7");
    }

    @Test
    void aTailThatHasEndedWhileItWaitedForAConnectionHandsNothingOver() throws InterruptedException {
        Position start = reader.now().end();
        insert(1, 3);
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch given = new CountDownLatch(1);
        DelegatingDataSource exhausted = new DelegatingDataSource(bus.pool()) {
            @Override
            public Connection getConnection() throws SQLException {
                asked.countDown();
                await().until(() -> given.getCount() == 0);
                return super.getConnection();
            }
        };
        LiveTail tail = tail(new LogReader(exhausted, bus.schema()), start);
        asked.await();
        tail.end();
        given.countDown();
        assertThat(tail.stop()).isEqualTo(start);
        assertThat(told.all).isEmpty();
    }
}
