package io.pgevents.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgevents.jdbc.SqlStatements;
import io.pgevents.support.TestBus;
import io.pgevents.support.TestPostgres;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a claim costs does not depend on the backlog. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClaimPlanIntegrationTests {

    private static final int BACKLOG = 200_000;
    private static final String FLOORS =
            "'{0,1,2}', '{-infinity,-infinity,-infinity}', '{-1,-1,-1}', 250, 's', %s, %s, 100, 100";
    private static final String ANY_TYPE = FLOORS.formatted("NULL", "NULL");
    private static final String ONE_TYPE = FLOORS.formatted("'{T}'", "'{T}'");

    private final String url = TestPostgres.newDatabaseUrl();
    private TestBus bus;
    private StatementPlans plans;

    @BeforeAll
    void fill() {
        bus = new TestBus(url);
        bus.jdbc()
                .update(
                        "INSERT INTO event_queue (topic, payload, subscription, priority, process_at, ordering_key, type)"
                                + " SELECT 'a', '{}', CASE WHEN n % 10 = 0 THEN 'other' ELSE 's' END, 1 + n % 2,"
                                + " now() - (n % 1000) * interval '1 s', 'k' || n % 100, CASE WHEN n % 3 = 0 THEN 'T' END"
                                + " FROM generate_series(1, ?) n",
                        BACKLOG);
        bus.jdbc().execute("VACUUM ANALYZE event_queue");
        plans = new StatementPlans(url, bus.schema());
    }

    @AfterAll
    void close() {
        plans.close();
        bus.close();
    }

    @ParameterizedTest
    @CsvSource({
        "claim, force_generic_plan", "claim, force_custom_plan",
        "window, force_generic_plan", "window, force_custom_plan",
        "lookout, force_generic_plan", "lookout, force_custom_plan"
    })
    void readsTheClaimIndexWithoutASort(String statement, String mode) {
        String arguments = statement.equals("lookout") ? "'{s}', '{1}', '{-infinity}', '{-1}'" : ANY_TYPE;
        String plan = plans.mode(mode).explain("COSTS OFF", statement, arguments);
        assertThat(plan)
                .contains("event_queue_claim")
                .doesNotContain("Sort Key: e.", "Sort Key: q.", "Seq Scan", "Bitmap")
                .doesNotContain("event_queue_key", "event_queue_pkey");
    }

    @Test
    void locksNoMoreRowsThanItReturns() {
        bus.transaction().executeWithoutResult(status -> {
            int claimed = bus.jdbc().queryForList(claim(100)).size();
            assertThat(claimed).isEqualTo(100);
            assertThat(plans.session()
                            .queryForObject(
                                    "SELECT count(*) FROM (SELECT FROM event_queue FOR UPDATE SKIP LOCKED) free",
                                    Integer.class))
                    .isEqualTo(BACKLOG - 100);
        });
    }

    @Test
    void touchesFewBuffers() {
        plans.mode("force_generic_plan");
        assertThat(plans.buffers("claim", ANY_TYPE)).isBetween(1, 400);
        assertThat(plans.buffers("claim", ONE_TYPE)).isBetween(1, 1000);
        assertThat(plans.buffers("window", ANY_TYPE)).isBetween(1, 400);
        assertThat(plans.buffers(
                        "lookout", "'{s,other,none}', '{1,1,1}', '{-infinity,-infinity,-infinity}', '{-1,-1,-1}'"))
                .isBetween(1, 60);
    }

    @Test
    void touchesNoMoreBuffersForALongerBacklog() {
        plans.mode("force_generic_plan");
        int before = plans.buffers("claim", ANY_TYPE);
        bus.jdbc()
                .update("INSERT INTO event_queue (topic, payload, subscription, priority)"
                        + " SELECT 'a', '{}', 's', 1 FROM generate_series(1, 100000)");
        try {
            assertThat(plans.buffers("claim", ANY_TYPE)).isLessThan(before + 50);
        } finally {
            bus.jdbc().update("DELETE FROM event_queue WHERE id > ?", BACKLOG);
        }
    }

    private String claim(int limit) {
        String sql = new SqlStatements(bus.schema()).get("event_queue/claim");
        for (String value : List.of(
                "'{0,1,2}'", "'{-infinity,-infinity,-infinity}'", "'{-1,-1,-1}'", "250", "'s'", "NULL", "NULL")) {
            sql = sql.replaceFirst("\\?", value);
        }
        return sql.replace("?", String.valueOf(limit));
    }
}
