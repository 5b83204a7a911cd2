package io.pgevents.maintenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pgevents.jdbc.SqlStatements;
import io.pgevents.subscription.SubscriptionSettings;
import io.pgevents.support.Recorder;
import io.pgevents.support.TestBus;
import io.pgevents.support.TestPostgres;
import io.pgevents.support.TestSettings;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How long finished events stay. */
class RetentionIntegrationTests {

    private final TestBus bus = new TestBus(TestPostgres.newDatabaseUrl());

    static List<SubscriptionSettings> modes() {
        return List.of(TestSettings.QUICK, TestSettings.leased());
    }

    @AfterEach
    void close() {
        bus.close();
    }

    @ParameterizedTest
    @MethodSource("modes")
    void deletesHandledEventsAtOnceWithoutOne(SubscriptionSettings mode) {
        Recorder recorder = new Recorder();
        bus.settings(settings -> TestSettings.retention(settings, new Retention(Duration.ZERO, null)))
                .subscribe("s", "a", mode, recorder)
                .subscribe("broken", "b", mode, event -> {
                    throw new IllegalStateException("broken");
                })
                .start();
        for (int i = 0; i < 20; i++) {
            bus.publisher().publish("a", i);
        }
        bus.publisher().publish("b", 1);
        recorder.await(20);
        await().until(() -> bus.count("failed") == 1 && rows() == 1);
        assertThat(recorder.payloads()).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("modes")
    void keepsHandledEventsWithOne(SubscriptionSettings mode) {
        bus.subscribe("s", "a", mode, new Recorder()).start();
        bus.publisher().publish("a", 1);
        await().until(() -> bus.count("done") == 1);
        assertThat(prune(Duration.ofHours(1), Duration.ofHours(1))).isZero();
        assertThat(rows()).isEqualTo(1);
    }

    @Test
    void prunesOnlyHandledEventsThatAreOldEnough() {
        insert("done", "2 hours", 2_300);
        insert("done", "30 min", 3);
        insert("failed", "2 hours", 4);
        insert("pending", null, 5);
        assertThat(prune(Duration.ofHours(1), null)).isEqualTo(2_300);
        assertThat(bus.count("done")).isEqualTo(3);
        assertThat(bus.count("failed")).isEqualTo(4);
        assertThat(bus.count("pending")).isEqualTo(5);
    }

    @Test
    void doesNotReadWhatIsNotOldEnough() {
        insert("done", "30 min", 20_000);
        bus.jdbc().execute("ANALYZE event_queue");
        String sql = new SqlStatements(bus.schema()).get("event_queue/prune_done");
        List<String> plan = bus.jdbc()
                .queryForList("EXPLAIN (ANALYZE, COSTS OFF) " + sql, String.class, "-infinity", 3_600_000L, 1000);
        assertThat(plan)
                .anyMatch(line -> line.contains("Index Cond") && line.contains("statement_timestamp()"))
                .noneMatch(line -> line.contains("Rows Removed by Filter"));
    }

    @Test
    void prunesDeadLettersOnlyWhenAskedTo() {
        insert("failed", "2 hours", 1_100);
        insert("failed", "30 min", 2);
        insert("done", "2 hours", 3);
        assertThat(prune(Duration.ofHours(3), Duration.ofHours(1))).isEqualTo(1_100);
        assertThat(bus.count("failed")).isEqualTo(2);
        assertThat(bus.count("done")).isEqualTo(3);
    }

    @Test
    void passesOverRowsThatOthersHaveLocked() {
        insert("done", "2 hours", 10);
        bus.transaction().executeWithoutResult(status -> {
            bus.jdbc().queryForList("SELECT id FROM event_queue WHERE id <= 3 FOR UPDATE");
            assertThat(java.util.concurrent.CompletableFuture.supplyAsync(() -> prune(Duration.ofHours(1), null))
                            .join())
                    .isEqualTo(7);
        });
        assertThat(prune(Duration.ofHours(1), null)).isEqualTo(3);
    }

    @Test
    void refusesNegativeTimes() {
        assertThatThrownBy(() -> new Retention(Duration.ofMillis(-1), null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must not be negative");
        assertThatThrownBy(() -> new Retention(Duration.ZERO, Duration.ofMillis(-1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private int prune(Duration done, @Nullable Duration failed) {
        return new Pruning(bus.pool(), bus.schema(), new Retention(done, failed)).run();
    }

    private void insert(String status, @Nullable String age, int count) {
        bus.jdbc()
                .update(
                        "INSERT INTO event_queue (topic, payload, status, finished_at)"
                                + " SELECT 'a', '1', ?, now() - ?::interval FROM generate_series(1, ?)",
                        status,
                        age,
                        count);
    }

    private int rows() {
        return bus.jdbc().queryForObject("SELECT count(*) FROM event_queue", Integer.class);
    }
}
