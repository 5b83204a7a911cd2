package io.pgevents.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pgevents.OutgoingEvent;
import io.pgevents.channel.FreezingProxy;
import io.pgevents.jdbc.CommittedJdbc;
import io.pgevents.jdbc.SqlStatements;
import io.pgevents.publish.JdbcEventPublisher.PreparedEvent;
import io.pgevents.support.LogCapture;
import io.pgevents.support.TestBus;
import io.pgevents.support.TestPostgres;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** How what was committed comes into the log when something fails. */
@ExtendWith(LogCapture.class)
class BroadcastsIntegrationTests {

    private final TestBus bus = new TestBus(TestPostgres.newDatabaseUrl());

    @AfterEach
    void close() {
        bus.close();
    }

    private Broadcasts broadcasts(Executor writer) {
        return new Broadcasts(CommittedJdbc.joining(bus.pool()), new SqlStatements(bus.schema()), () -> {}, writer);
    }

    private PreparedEvent event(int number) {
        return bus.publisher().prepare(List.of(OutgoingEvent.of("t", number))).get(0);
    }

    private List<String> written() {
        return bus.jdbc().queryForList("SELECT payload::text FROM event_log ORDER BY id", String.class);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void areWrittenAsSoonAsAThreadCanBeHadAlthoughNothingElseIsBroadcast(boolean error) {
        AtomicInteger tries = new AtomicInteger();
        Broadcasts broadcasts = broadcasts(task -> {
            if (tries.incrementAndGet() <= 2) {
                refuse(error);
            }
            ForkJoinPool.commonPool().execute(task);
        });
        broadcasts.collect(event(1));
        await().until(() -> written().size() == 1);
        broadcasts.collect(event(2));
        assertThat(broadcasts.awaitEmpty(Duration.ofSeconds(30))).isTrue();
        assertThat(written()).containsExactly("1", "2");
        assertThat(LogCapture.warnings()).hasSize(1).allMatch(each -> each.startsWith("No thread can be had"));
    }

    @Test
    void areTriedAtOnceByWhoeverWaitsForThem() {
        AtomicInteger tries = new AtomicInteger();
        Broadcasts broadcasts = broadcasts(task -> {
            if (tries.incrementAndGet() == 1) {
                refuse(false);
            }
            task.run();
        });
        broadcasts.collect(event(1));
        assertThat(broadcasts.awaitEmpty(Duration.ofSeconds(30))).isTrue();
        assertThat(written()).containsExactly("1");
    }

    /** The server has committed, and its answer is lost; the batch that is tried again has one event more. */
    @Test
    void areWrittenOnceAlthoughTheAnswerOfTheServerIsLost() throws Exception {
        String url = TestPostgres.newDatabaseUrl();
        try (FreezingProxy network = new FreezingProxy(url);
                TestBus away = new TestBus(network.url());
                Connection connection = TestPostgres.dedicated(url).open()) {
            JdbcTemplate server = new JdbcTemplate(new SingleConnectionDataSource(connection, true));
            server.execute("BEGIN");
            server.execute("LOCK TABLE event_log IN EXCLUSIVE MODE");
            away.transaction().executeWithoutResult(status -> {
                away.publisher().broadcast("t", 1);
                away.publisher().broadcast("t", 2);
            });
            await().until(() -> count(
                            server,
                            "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'event_log'::regclass")
                    == 1);
            network.freezeAfter(0);
            server.execute("COMMIT");
            await().until(() -> count(server, "SELECT count(*) FROM event_log") == 2);
            away.publisher().broadcast("t", 3);
            cutOff(server);
            assertThat(away.publisher().awaitBroadcasts(Duration.ofSeconds(30))).isTrue();
            assertThat(server.queryForList("SELECT payload::text FROM event_log ORDER BY id", String.class))
                    .containsExactly("1", "2", "3");
        }
    }

    private static long count(JdbcTemplate server, String sql) {
        Long count = server.queryForObject(sql, Long.class);
        return count == null ? -1 : count;
    }

    private static void cutOff(JdbcTemplate server) {
        server.query(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                        + " WHERE datname = current_database() AND pid <> pg_backend_pid()",
                row -> {});
    }

    @Test
    void areDoubtfulUntilAllThatWereTriedAreWritten() {
        BroadcastBuffer buffer = new BroadcastBuffer();
        buffer.add(List.of(event(1), event(2), event(3)));
        assertThat(buffer.isDoubtful()).isFalse();
        buffer.doubt(2);
        buffer.doubt(1);
        buffer.removeFirst(1);
        assertThat(buffer.isDoubtful()).isTrue();
        buffer.removeFirst(2);
        assertThat(buffer.isDoubtful()).isFalse();
    }

    private static void refuse(boolean error) {
        if (error) {
            throw new OutOfMemoryError("unable to create native thread");
        }
        throw new RejectedExecutionException("full");
    }
}
