package io.pgevents.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgevents.subscription.TopicPattern;
import io.pgevents.support.LiveRecorder;
import io.pgevents.support.TestBus;
import io.pgevents.support.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** A replay beside which something happens. */
@Timeout(60)
class ReplayIntegrationTests {

    private final TestBus bus = new TestBus(TestPostgres.newDatabaseUrl());
    private final LiveRecorder live = new LiveRecorder();
    private final Subscriber subscriber =
            new Subscriber(new TopicFilter(List.of(new TopicPattern("t"))), live, () -> {});

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

    /** Reads with something that happens before its second read. */
    private LogReader reader(String meanwhile) {
        AtomicInteger connections = new AtomicInteger();
        return new LogReader(
                new DelegatingDataSource(bus.pool()) {
                    @Override
                    public Connection getConnection() throws SQLException {
                        if (connections.incrementAndGet() == 2) {
                            bus.jdbc().update(meanwhile);
                        }
                        return super.getConnection();
                    }
                },
                bus.schema());
    }

    @Test
    void handsOverWhatACursorHasNotSeen() {
        LiveCursor start = bus.feed().now();
        insert(1, 3);
        new Replay(reader("INSERT INTO event_log (topic, payload) VALUES ('t', '4')"), 10).run(start, subscriber);
        assertThat(live.payloads()).containsExactly("1", "2", "3");
        assertThat(live.gaps()).isZero();
    }

    @Test
    void aServerThatCrashesMeanwhileIsAGap() {
        LiveCursor start = bus.feed().now();
        insert(1, 3);
        new Replay(reader("DELETE FROM event_log_life"), 10).run(start, subscriber);
        assertThat(live.gaps()).isEqualTo(1);
    }

    @Test
    void whatIsPrunedMeanwhileIsAGap() {
        LiveCursor start = bus.feed().now();
        insert(1, 3);
        String prune = "WITH tick AS (INSERT INTO event_log_tick (oldest, pruned)"
                + " VALUES (pg_snapshot_xmax(pg_current_snapshot()), true)) DELETE FROM event_log";
        new Replay(reader(prune), 10).run(start, subscriber);
        assertThat(live.events()).isEmpty();
        assertThat(live.gaps()).isEqualTo(1);
    }
}
