package io.pgevents.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgevents.jdbc.SqlStatements;
import io.pgevents.support.TestBus;
import io.pgevents.support.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** What a read of the end of the log costs. */
@Timeout(120)
class LogPlanIntegrationTests {

    private static final Pattern BUFFERS = Pattern.compile("Buffers: shared (?:hit=(\\d+))?(?: read=(\\d+))?");

    private final String url = TestPostgres.newDatabaseUrl();
    private final TestBus bus = new TestBus(url);
    private final SingleConnectionDataSource connection =
            new SingleConnectionDataSource(url, "postgres", "postgres", true);
    private final JdbcTemplate session = new JdbcTemplate(connection);

    @AfterEach
    void close() {
        connection.destroy();
        bus.close();
    }

    private void prepare() {
        String[] parts = new SqlStatements(bus.schema()).get("event_log/read").split("\\?", -1);
        StringBuilder numbered = new StringBuilder(parts[0]);
        for (int i = 1; i < parts.length; i++) {
            numbered.append('$').append(i).append(parts[i]);
        }
        session.execute("PREPARE read AS " + numbered);
    }

    private static String read(String from) {
        String range = "0, NULL, NULL, NULL, 201";
        String known = "'" + Snapshot.of(from).lastKnown() + "'";
        return "EXECUTE read (NULL, " + known + ", " + range + ", '" + from + "', " + range + ", 4194304)";
    }

    private String explain(String options, String from) {
        return String.join("\n", session.queryForList("EXPLAIN (" + options + ") " + read(from), String.class));
    }

    private String snapshot() {
        return session.queryForObject("SELECT pg_current_snapshot()::text", String.class);
    }

    private int buffers(String from) {
        explain("ANALYZE, BUFFERS", from);
        var plan = BUFFERS.matcher(explain("ANALYZE, BUFFERS", from));
        assertThat(plan.find()).isTrue();
        return number(plan.group(1)) + number(plan.group(2));
    }

    private static int number(String digits) {
        return digits == null ? 0 : Integer.parseInt(digits);
    }

    private void insert(int rows) {
        bus.jdbc()
                .update(
                        "INSERT INTO event_log (topic, payload) SELECT 't', to_jsonb(n) FROM generate_series(1, ?) n",
                        rows);
    }

    @Test
    void aGenericPlanThatWasMadeWhileTheLogWasEmptyReadsTheIndex() {
        prepare();
        session.execute("SET plan_cache_mode = force_generic_plan");
        assertThat(explain("COSTS OFF", snapshot()))
                .contains("event_log_pkey")
                .doesNotContain("Seq Scan on event_log n");
        insert(20_000);
        assertThat(explain("COSTS OFF", snapshot())).doesNotContain("Seq Scan on event_log n");
        assertThat(buffers(snapshot())).isLessThan(30);
    }

    @Test
    void aReadCostsTheSameWhileATransactionStaysOpen() throws SQLException {
        prepare();
        session.execute("SET plan_cache_mode = force_generic_plan");
        try (Connection open = bus.pool().getConnection()) {
            open.setAutoCommit(false);
            try (Statement statement = open.createStatement()) {
                // With rows of its own, which nobody sees, and many behind it, which everybody has seen.
                statement.execute(
                        "INSERT INTO event_log (topic, payload) SELECT 't', '1' FROM generate_series(1, 20000)");
            }
            for (int i = 0; i < 20; i++) {
                insert(1000);
            }
            assertThat(buffers(snapshot())).isLessThan(30);
            String before = snapshot();
            insert(1);
            assertThat(buffers(before)).isLessThan(30);
            open.rollback();
        }
    }

    @Test
    void aReadOfLargeEventsIsCut() {
        prepare();
        String from = snapshot();
        bus.jdbc()
                .update(
                        "INSERT INTO event_log (topic, payload) SELECT 't', to_jsonb(repeat('x', 1048576)) FROM generate_series(1, 50)");
        assertThat(session.queryForList(read(from)).size()).isEqualTo(4);
    }

    @Test
    void aReadTouchesOnlyWhatItReturns() {
        insert(50_000);
        bus.jdbc().execute("ANALYZE event_log");
        prepare();
        String before = snapshot();
        insert(100);
        assertThat(buffers(before)).isLessThan(150);
    }
}
