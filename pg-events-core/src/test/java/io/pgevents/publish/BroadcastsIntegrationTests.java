package io.pgevents.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pgevents.OutgoingEvent;
import io.pgevents.jdbc.CommittedJdbc;
import io.pgevents.jdbc.SqlStatements;
import io.pgevents.publish.JdbcEventPublisher.PreparedEvent;
import io.pgevents.support.LogCapture;
import io.pgevents.support.TestBus;
import io.pgevents.support.TestPostgres;
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

/** How what was committed comes into the log when something fails. */
@ExtendWith(LogCapture.class)
class BroadcastsIntegrationTests {

    private final TestBus bus = new TestBus(TestPostgres.newDatabaseUrl());

    @AfterEach
    void close() {
        bus.close();
    }

    private Broadcasts broadcasts(Executor writer) {
        SqlStatements statements = new SqlStatements(bus.schema());
        return new Broadcasts(
                CommittedJdbc.joining(bus.pool()), statements.get("event_log/append"), () -> {}, writer);
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

    private static void refuse(boolean error) {
        if (error) {
            throw new OutOfMemoryError("unable to create native thread");
        }
        throw new RejectedExecutionException("full");
    }
}
