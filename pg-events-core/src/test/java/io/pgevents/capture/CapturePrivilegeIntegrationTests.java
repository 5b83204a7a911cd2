package io.pgevents.capture;

import static io.pgevents.capture.RowChange.Operation.INSERT;
import static io.pgevents.capture.RowChange.Operation.UPDATE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgevents.PgEventsStartException;
import io.pgevents.support.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Whoever writes, with whatever rights and settings: the change is captured, and nobody gets rights by that. */
class CapturePrivilegeIntegrationTests {

    private final String url = TestPostgres.newDatabaseUrl();
    private final CaptureFixture fixture = new CaptureFixture(url);
    private final String role = "writer_" + url.substring(url.lastIndexOf('/') + 1);

    @BeforeEach
    void createRole() {
        fixture.sql(
                "CREATE ROLE " + role + " LOGIN PASSWORD 'writer'",
                "CREATE SCHEMA shop AUTHORIZATION " + role,
                "REVOKE ALL ON SCHEMA public FROM PUBLIC",
                "CREATE TABLE shop.item (id int PRIMARY KEY, name text)",
                "GRANT INSERT, SELECT, UPDATE ON shop.item TO " + role);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private DataSource ofWriter() {
        return new DriverManagerDataSource(url, role, "writer");
    }

    private void asWriter(String... statements) {
        List.of(statements).forEach(new JdbcTemplate(ofWriter())::execute);
    }

    @Test
    void theWriterNeedsNoRightsOnTheQueue() {
        fixture.capture("shop.item");
        asWriter("INSERT INTO shop.item VALUES (1, 'a')", "UPDATE shop.item SET name = 'b'");
        assertThat(fixture.operations()).containsExactly(INSERT, UPDATE);
        assertThatThrownBy(() -> asWriter("SELECT FROM public.event_queue"))
                .hasStackTraceContaining("permission denied");
    }

    @Test
    void rowSecurityDoesNotHideChanges() {
        fixture.sql(
                "ALTER TABLE shop.item ENABLE ROW LEVEL SECURITY",
                "CREATE POLICY own ON shop.item USING (name = current_user)",
                "ALTER TABLE event_queue ENABLE ROW LEVEL SECURITY",
                "ALTER TABLE event_subscription ENABLE ROW LEVEL SECURITY");
        fixture.capture("shop.item");
        asWriter("INSERT INTO shop.item VALUES (1, current_user)");
        assertThat(fixture.operations()).containsExactly(INSERT);
    }

    @Test
    void theSearchPathOfTheWriterDoesNotMatter() {
        fixture.capture("shop.item");
        asWriter(
                "CREATE FUNCTION shop.to_jsonb(anyelement) RETURNS jsonb LANGUAGE sql AS 'SELECT NULL::jsonb'",
                "CREATE TABLE shop.event_queue (a int)",
                "SET search_path = shop, pg_catalog; INSERT INTO item VALUES (1, 'a')");
        assertThat(fixture.operations()).containsExactly(INSERT);
    }

    @Test
    void nobodyElseCanPublishByATriggerOfHisOwn() {
        fixture.sql("GRANT USAGE ON SCHEMA public TO " + role);
        assertThatThrownBy(() -> asWriter(
                        "CREATE TABLE shop.own (a int)",
                        "CREATE TRIGGER own AFTER INSERT ON shop.own FOR EACH ROW"
                                + " EXECUTE FUNCTION public.event_capture_change('order.paid', 's', 't')"))
                .hasStackTraceContaining("permission denied for function");
    }

    @Test
    void saysWhoKeepsTheTableLockedAlsoToARoleThatDoesNotSeeWhatOthersDo() throws SQLException {
        fixture.sql(
                "ALTER TABLE shop.item OWNER TO " + role,
                "GRANT USAGE ON SCHEMA public TO " + role,
                "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO " + role,
                "GRANT EXECUTE ON FUNCTION event_capture_change() TO " + role);
        RowCaptures captures = fixture.captures(ofWriter(), CaptureFixture.impatient(Duration.ofMillis(10)));
        captures.declare("shop.item", Capture.Filter.EVERYTHING);
        try (Connection other = fixture.inTransaction("night-job", "INSERT INTO shop.item VALUES (1, 'a')")) {
            int pid = other.unwrap(PGConnection.class).getBackendPID();
            assertThatThrownBy(captures::start)
                    .isInstanceOf(PgEventsStartException.class)
                    .hasMessageContaining("at last: pid " + pid + " (postgres, night-job).");
        }
    }

    @Test
    void replicasDoNotFireTriggers() {
        fixture.capture("shop.item");
        fixture.sql("SET session_replication_role = replica; INSERT INTO shop.item VALUES (1, 'a');"
                + " RESET session_replication_role");
        assertThat(fixture.changes()).isEmpty();
    }

    @Test
    void saysWhatSomebodyWhoMayNotCreateTriggersCanDo() {
        fixture.sql(
                "GRANT USAGE ON SCHEMA public, shop TO " + role,
                "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO " + role);
        RowCaptures captures = fixture.captures(ofWriter(), RowCaptures.Settings.DEFAULT);
        captures.declare("shop.item", Capture.Filter.EVERYTHING);
        assertThatThrownBy(captures::start).isInstanceOfSatisfying(PgEventsStartException.class, ex -> {
            assertThat(ex.description())
                    .contains("\"shop\".\"item\" cannot be installed")
                    .contains("permission denied");
            assertThat(ex.action())
                    .contains("pg-events.capture.mode=verify")
                    .contains("CREATE OR REPLACE TRIGGER \"pg_events_insert_");
        });
        fixture.captures().declare("shop.item", Capture.Filter.EVERYTHING);
        fixture.sql(fixture.captures().script());
        captures.start();
        assertThat(captures.isRunning()).isTrue();
        captures.stop();
    }
}
