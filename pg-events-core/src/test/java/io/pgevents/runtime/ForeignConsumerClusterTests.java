package io.pgevents.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pgevents.OutgoingEvent;
import io.pgevents.subscription.SubscriptionSettings;
import io.pgevents.support.TestBus;
import io.pgevents.support.TestPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A consumer in plain SQL, as people run it, beside ours. */
@Timeout(60)
class ForeignConsumerClusterTests {

    private static final String CLAIM = """
            WITH next AS (SELECT id FROM event_queue WHERE status='pending' AND process_at<=now()
                          ORDER BY process_at LIMIT 1 FOR UPDATE SKIP LOCKED)
            UPDATE event_queue SET status='processing', attempt_count=attempt_count+1
            FROM next WHERE event_queue.id = next.id RETURNING event_queue.id
            """;

    private final String url = TestPostgres.newDatabaseUrl();
    private final ConcurrentLinkedQueue<Long> handled = new ConcurrentLinkedQueue<>();

    private TestBus ours() {
        return new TestBus(url).subscribe("s", "t", SubscriptionSettings.DEFAULT, event -> {
            handled.add(event.metadata().id());
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
            return List.of();
        });
    }

    private int consume(TestBus bus, int events) throws SQLException {
        int mine = 0;
        try (Connection connection = DriverManager.getConnection(url, "postgres", "postgres");
                Statement statement = connection.createStatement()) {
            while (bus.count("done") < events) {
                try (ResultSet row = statement.executeQuery(CLAIM)) {
                    if (!row.next()) {
                        continue;
                    }
                    long id = row.getLong(1);
                    handled.add(id);
                    mine++;
                    statement.execute("UPDATE event_queue SET status='done' WHERE id = " + id);
                }
            }
        }
        return mine;
    }

    @Test
    void sharesATopicWithAForeignConsumer() throws Exception {
        ExecutorService foreign = Executors.newSingleThreadExecutor();
        try (TestBus bus = ours()) {
            bus.start();
            bus.publisher()
                    .publishAll(IntStream.range(0, 1000)
                            .mapToObj(n -> OutgoingEvent.of("t", n))
                            .toList());
            Future<Integer> mine = foreign.submit(() -> consume(bus, 1000));
            assertThat(mine.get(40, TimeUnit.SECONDS)).isBetween(1, 999);
            assertThat(handled).hasSize(1000).doesNotHaveDuplicates();
            assertThat(bus.count("done")).isEqualTo(1000);
        } finally {
            foreign.shutdownNow();
        }
    }

    @Test
    void recoversWhatAForeignConsumerLeftInProcessing() throws SQLException {
        try (TestBus bus = ours()) {
            bus.start();
            bus.jdbc().update("UPDATE event_subscription SET foreign_lease = interval '1 second'");
            bus.stop();
            bus.publisher().publish("t", 1);
            try (Connection connection = DriverManager.getConnection(url, "postgres", "postgres");
                    Statement statement = connection.createStatement()) {
                statement.execute(CLAIM);
            }
            assertThat(bus.count("processing")).isEqualTo(1);
            bus.start();
            await().atMost(Duration.ofSeconds(30)).until(() -> bus.count("done") == 1);
            assertThat(Effects.number(bus, "SELECT attempt_count FROM event_queue"))
                    .isEqualTo(2);
        }
    }
}
