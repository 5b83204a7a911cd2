package io.pgevents.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pgevents.runtime.PgEventsSettings;
import io.pgevents.support.TestBus;
import io.pgevents.support.TestPostgres;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a parked tail costs the server: the server is the oracle. */
@Timeout(120)
class LiveIdleCostIntegrationTests {

    private static final int SECONDS = 10;

    @Test
    void aParkedTailPollsAndWritesNothing() {
        TestBus idle = new TestBus(TestPostgres.newDatabaseUrl())
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
            long ids = number(bus, "SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint");
            long calls = calls(bus);
            pass(SECONDS);
            assertThat(calls(bus) - calls).isLessThanOrEqualTo(SECONDS + 3);
            assertThat(number(bus, "SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint"))
                    .isEqualTo(ids);
        }
    }

    /** Each read of the log scans its index once. */
    private static long calls(TestBus bus) {
        return number(bus, "SELECT coalesce(sum(idx_scan), 0) FROM pg_stat_user_indexes WHERE relname = 'event_log'");
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
