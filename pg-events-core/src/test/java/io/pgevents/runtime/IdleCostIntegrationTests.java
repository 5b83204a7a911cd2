package io.pgevents.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pgevents.subscription.SubscriptionSettings;
import io.pgevents.support.TestBus;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an instance costs that has nothing to do, on a server of its own that counts statements. */
@Timeout(90)
class IdleCostIntegrationTests {

    private static final int SECONDS = 30;

    @Test
    void fiftyIdleSubscriptionsCostAtMostOneStatementASecondAndNotifyNobodyButTheHubItself() throws IOException {
        try (EmbeddedPostgres server = EmbeddedPostgres.builder()
                .setServerConfig("autovacuum", "off")
                .setServerConfig("shared_preload_libraries", "pg_stat_statements")
                .start()) {
            TestBus idle = new TestBus("jdbc:postgresql://localhost:" + server.getPort() + "/postgres")
                    .settings(s -> new PgEventsSettings(
                            s.nodeName(), true, Duration.ofSeconds(2), 5, s.drainTimeout(), s.retention()));
            for (int i = 0; i < 50; i++) {
                idle.subscribe("s" + i, "t" + i, SubscriptionSettings.DEFAULT, event -> List.of());
            }
            try (TestBus bus = idle.start()) {
                await().atMost(Duration.ofSeconds(30)).until(() -> gates(bus) == 50);
                // The sweeps that follow a start.
                pass(3);
                bus.jdbc().execute("CREATE EXTENSION pg_stat_statements");
                long ids = nextTransactionId(bus);
                bus.jdbc().query("SELECT pg_stat_statements_reset()", row -> {});
                pass(SECONDS);
                List<Map<String, Object>> statements = statements(bus);
                long seconds = Effects.number(
                        bus,
                        "SELECT ceil(extract(epoch FROM clock_timestamp() - stats_reset)) FROM pg_stat_statements_info");
                assertThat(statements.stream()
                                .mapToLong(each -> (Long) each.get("calls"))
                                .sum())
                        .as(() -> String.valueOf(statements))
                        .isLessThanOrEqualTo(seconds);
                // A commit that notifies takes a transaction id: nothing else has taken one.
                long heartbeats = calls(statements, "heartbeat");
                assertThat(heartbeats).isBetween(1L, seconds / 15 + 1);
                assertThat(calls(statements, "notifies")).isEqualTo(heartbeats);
                assertThat(nextTransactionId(bus) - ids).isEqualTo(heartbeats);
                assertThat(gates(bus)).isEqualTo(50);
                // This comes once a minute, also where nobody follows anything live.
                bus.feed().prune();
                assertThat(Effects.number(bus, "SELECT count(*) FROM event_log_life"))
                        .isZero();
            }
        }
    }

    private static void pass(int seconds) {
        await().pollDelay(Duration.ofSeconds(seconds))
                .atMost(Duration.ofSeconds(seconds + 5))
                .until(() -> true);
    }

    private static long gates(TestBus bus) {
        return Effects.number(
                bus, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND mode = 'ExclusiveLock'");
    }

    private static List<Map<String, Object>> statements(TestBus bus) {
        return bus.jdbc()
                .queryForList("SELECT calls, left(query, 60) AS query, query ILIKE '%notify%' AS notifies,"
                        + " query LIKE '%pg_notification_queue_usage()%' AS heartbeat FROM pg_stat_statements"
                        + " WHERE query NOT LIKE '%pg_stat_statements%' AND query NOT LIKE '%pg_current_snapshot%'");
    }

    private static long calls(List<Map<String, Object>> statements, String kind) {
        return statements.stream()
                .filter(each -> (Boolean) each.get(kind))
                .mapToLong(each -> (Long) each.get("calls"))
                .sum();
    }

    private static long nextTransactionId(TestBus bus) {
        return Effects.number(bus, "SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint");
    }
}
