package io.pgevents.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pgevents.subscription.SubscriptionSettings.Mode;
import io.pgevents.support.Recorder;
import io.pgevents.support.TestBus;
import io.pgevents.support.TestPostgres;
import io.pgevents.support.TestSettings;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.datasource.DataSourceUtils;

/** A handling that takes too long is interrupted, and was an attempt. */
class TimeoutIntegrationTests {

    private final TestBus bus = new TestBus(TestPostgres.newDatabaseUrl());
    private final CountDownLatch never = new CountDownLatch(1);

    @AfterEach
    void close() {
        bus.close();
    }

    @ParameterizedTest
    @EnumSource
    void interruptsAndCounts(Mode mode) {
        Queue<Integer> interrupted = new ConcurrentLinkedQueue<>();
        Recorder recorder = new Recorder();
        bus.jdbc().execute("CREATE TABLE effect (n int)");
        bus.subscribe("s", "a", TestSettings.timeout(mode, Duration.ofMillis(250)), event -> {
                    if (event.payload().equals("1")) {
                        if (mode == Mode.TRANSACTIONAL) {
                            bus.jdbc().update("INSERT INTO effect VALUES (1)");
                        }
                        try {
                            never.await();
                        } catch (InterruptedException ex) {
                            interrupted.add(event.metadata().attempt());
                            throw ex;
                        }
                    }
                    return recorder.handle(event);
                })
                .start();
        bus.publisher().publish("a", 1);
        bus.publisher().publish("a", 2);
        await().atMost(Duration.ofSeconds(30)).until(() -> bus.count("failed") == 1 && bus.count("done") == 1);
        // What fails after a neighbour in its transaction is handled alone before it counts.
        assertThat(List.copyOf(interrupted)).isSorted();
        assertThat(interrupted.stream().distinct()).containsExactly(1, 2, 3);
        assertThat(recorder.payloads()).contains("2");
        assertThat(bus.jdbc()
                        .queryForObject("SELECT last_error FROM event_queue WHERE status = 'failed'", String.class))
                .contains("took longer than its timeout of PT0.25S")
                .contains("Caused by: java.lang.InterruptedException");
        assertThat(bus.jdbc().queryForList("SELECT n FROM effect", Integer.class))
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void countsAHandlerThatSwallowsTheInterruptAndInterruptsNobodyElse(Mode mode) {
        Queue<Boolean> flags = new ConcurrentLinkedQueue<>();
        bus.subscribe("s", "a", TestSettings.timeout(mode, Duration.ofMillis(250)), event -> {
                    flags.add(Thread.currentThread().isInterrupted());
                    if (event.payload().equals("1")) {
                        try {
                            never.await();
                        } catch (InterruptedException ex) {
                            Thread.currentThread().interrupt();
                        }
                    }
                    return List.of();
                })
                .start();
        bus.publisher().publish("a", 1);
        bus.publisher().publish("a", 2);
        await().atMost(Duration.ofSeconds(30)).until(() -> bus.count("failed") == 1 && bus.count("done") == 1);
        assertThat(flags).hasSizeGreaterThanOrEqualTo(4).containsOnly(false);
    }

    @Test
    void endsAStatementThatWaitsInTheServer() {
        bus.subscribe("s", "a", TestSettings.timeout(Mode.TRANSACTIONAL, Duration.ofMillis(250)), event -> {
                    bus.jdbc().execute("SELECT pg_sleep(60)");
                    return List.of();
                })
                .start();
        bus.publisher().publish("a", 1);
        await().atMost(Duration.ofSeconds(30)).until(() -> bus.count("failed") == 1);
    }

    /** As on a virtual thread, where an interrupt closes the connection whose answer is waited for. */
    @Test
    void isNoOutageWhenTheConnectionIsLostByIt() {
        bus.subscribe("s", "a", TestSettings.timeout(Mode.TRANSACTIONAL, Duration.ofMillis(250)), event -> {
                    Connection connection = DataSourceUtils.getConnection(bus.pool());
                    try {
                        never.await();
                    } catch (InterruptedException ex) {
                        connection.unwrap(Connection.class).abort(Runnable::run);
                        throw ex;
                    }
                    return List.of();
                })
                .start();
        bus.publisher().publish("a", 1);
        await().atMost(Duration.ofSeconds(30)).until(() -> bus.count("failed") == 1);
        assertThat(bus.jdbc()
                        .queryForObject("SELECT attempt_count || ' ' || last_error FROM event_queue", String.class))
                .startsWith("3 ")
                .contains("took longer than its timeout of PT0.25S");
    }
}
