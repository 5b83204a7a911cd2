package io.pgevents.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgevents.jdbc.SqlStatements;
import io.pgevents.support.TestBus;
import io.pgevents.support.TestPostgres;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** What a claim costs does not depend on the backlog. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClaimPlanIntegrationTests {

    private static final int BACKLOG = 200_000;
    private static final String FLOORS =
            "'{0,1,2}', '{-infinity,-infinity,-infinity}', '{-1,-1,-1}', 250, 's', %s, %s, 100, 100";
    private static final String ANY_TYPE = FLOORS.formatted("NULL", "NULL");
    private static final String ONE_TYPE = FLOORS.formatted("'{T}'", "'{T}'");
    private static final Pattern BUFFERS = Pattern.compile("Buffers: shared (?:hit=(\\d+))?(?: read=(\\d+))?");

    private final String url = TestPostgres.newDatabaseUrl();
    private TestBus bus;
    private JdbcTemplate session;

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
        session = new JdbcTemplate(new SingleConnectionDataSource(url, "postgres", "postgres", true));
        prepare("claim", "smallint[], timestamptz[], bigint[], bigint, text, text[], text[], bigint, bigint");
        prepare("window", "smallint[], timestamptz[], bigint[], bigint, text, text[], text[], bigint, bigint");
        prepare("lookout", "text[], smallint[], timestamptz[], bigint[]");
    }

    @AfterAll
    void close() {
        session.execute("DISCARD ALL");
        bus.close();
    }

    @BeforeEach
    void reset() {
        session.execute("RESET plan_cache_mode");
    }

    @ParameterizedTest
    @CsvSource({
        "claim, force_generic_plan", "claim, force_custom_plan",
        "window, force_generic_plan", "window, force_custom_plan",
        "lookout, force_generic_plan", "lookout, force_custom_plan"
    })
    void readsTheClaimIndexWithoutASort(String statement, String mode) {
        session.execute("SET plan_cache_mode = " + mode);
        String arguments = statement.equals("lookout") ? "'{s}', '{1}', '{-infinity}', '{-1}'" : ANY_TYPE;
        String plan = explain("COSTS OFF", statement, arguments);
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
            assertThat(session.queryForObject(
                            "SELECT count(*) FROM (SELECT FROM event_queue FOR UPDATE SKIP LOCKED) free",
                            Integer.class))
                    .isEqualTo(BACKLOG - 100);
        });
    }

    @Test
    void touchesFewBuffers() {
        session.execute("SET plan_cache_mode = force_generic_plan");
        assertThat(buffers("claim", ANY_TYPE)).isBetween(1, 400);
        assertThat(buffers("claim", ONE_TYPE)).isBetween(1, 1000);
        assertThat(buffers("window", ANY_TYPE)).isBetween(1, 400);
        assertThat(buffers("lookout", "'{s,other,none}', '{1,1,1}', '{-infinity,-infinity,-infinity}', '{-1,-1,-1}'"))
                .isBetween(1, 60);
    }

    @Test
    void touchesNoMoreBuffersForALongerBacklog() {
        session.execute("SET plan_cache_mode = force_generic_plan");
        int before = buffers("claim", ANY_TYPE);
        bus.jdbc()
                .update("INSERT INTO event_queue (topic, payload, subscription, priority)"
                        + " SELECT 'a', '{}', 's', 1 FROM generate_series(1, 100000)");
        try {
            assertThat(buffers("claim", ANY_TYPE)).isLessThan(before + 50);
        } finally {
            bus.jdbc().update("DELETE FROM event_queue WHERE id > ?", BACKLOG);
        }
    }

    private void prepare(String name, String types) {
        StringBuilder numbered = new StringBuilder();
        int parameter = 0;
        for (String part :
                new SqlStatements(bus.schema()).get("event_queue/" + name).split("\\?", -1)) {
            numbered.append(parameter == 0 ? "" : "$" + parameter).append(part);
            parameter++;
        }
        session.execute("PREPARE \"" + name + "\" (" + types + ") AS " + numbered);
    }

    private String claim(int limit) {
        String sql = new SqlStatements(bus.schema()).get("event_queue/claim");
        for (String value : List.of(
                "'{0,1,2}'", "'{-infinity,-infinity,-infinity}'", "'{-1,-1,-1}'", "250", "'s'", "NULL", "NULL")) {
            sql = sql.replaceFirst("\\?", value);
        }
        return sql.replace("?", String.valueOf(limit));
    }

    private int buffers(String statement, String arguments) {
        explain("ANALYZE, BUFFERS", statement, arguments);
        String plan = explain("ANALYZE, BUFFERS", statement, arguments);
        MatchResult first = BUFFERS.matcher(plan).results().findFirst().orElseThrow();
        int sum = 0;
        for (int group = 1; group <= 2; group++) {
            sum += first.group(group) == null ? 0 : Integer.parseInt(first.group(group));
        }
        return sum;
    }

    private String explain(String options, String statement, String arguments) {
        return String.join(
                "\n",
                session.queryForList(
                        "EXPLAIN (" + options + ") EXECUTE \"" + statement + "\" (" + arguments + ")", String.class));
    }
}
