package io.pgevents.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pgevents.runtime.PgEventsSettings;
import io.pgevents.support.TestBus;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a parked tail costs, on a server of its own that counts statements. */
@Timeout(90)
class LiveIdleCostIntegrationTests {

    private static final int SECONDS = 10;

    @Test
    void aParkedTailPollsAndWritesNothing() throws IOException {
        try (EmbeddedPostgres server = EmbeddedPostgres.builder()
                .setServerConfig("autovacuum", "off")
                .setServerConfig("shared_preload_libraries", "pg_stat_statements")
                .start()) {
            TestBus idle = new TestBus("jdbc:postgresql://localhost:" + server.getPort() + "/postgres")
                    .live("t")
                    .settings(s -> new PgEventsSettings(
                            s.nodeName(), true, Duration.ofSeconds(2), 5, s.drainTimeout(), s.retention()));
            try (TestBus bus = idle.start()) {
                await().until(() -> number(
                                bus,
                                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted"
                                        + " AND mode = 'ExclusiveLock' AND classid = 'event_queue'::regclass::oid")
                        == 1);
                pass(3);
                bus.jdbc().execute("CREATE EXTENSION pg_stat_statements");
                long ids = number(bus, "SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint");
                bus.jdbc().query("SELECT pg_stat_statements_reset()", row -> {});
                pass(SECONDS);
                assertThat(
                                number(
                                        bus,
                                        "SELECT coalesce(sum(calls), 0) FROM pg_stat_statements WHERE query LIKE '%event_log%'"))
                        .isBetween(1L, (long) SECONDS);
                assertThat(number(bus, "SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint"))
                        .isEqualTo(ids);
            }
        }
    }

    private static long number(TestBus bus, String sql) {
        Long number = bus.jdbc().queryForObject(sql, Long.class);
        return number == null ? -1 : number;
    }

    private static void pass(int seconds) {
        await().pollDelay(Duration.ofSeconds(seconds))
                .atMost(Duration.ofSeconds(seconds + 5))
                .until(() -> true);
    }
}
