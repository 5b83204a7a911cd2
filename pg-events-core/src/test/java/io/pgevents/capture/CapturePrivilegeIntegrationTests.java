package io.pgevents.capture;

import static io.pgevents.capture.RowChange.Operation.INSERT;
import static io.pgevents.capture.RowChange.Operation.UPDATE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgevents.PgEventsStartException;
import io.pgevents.support.LogCapture;
import io.pgevents.support.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postgresql.PGConnection;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Whoever writes, with whatever rights and settings: the change is captured, and nobody gets rights by that. */
@ExtendWith(LogCapture.class)
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
    void aConditionHasTheRightsAndTheSearchPathOfTheWriter() {
        fixture.sql(
                "CREATE FUNCTION shop.secret() RETURNS boolean LANGUAGE plpgsql AS 'BEGIN RETURN true; END'",
                "REVOKE EXECUTE ON FUNCTION shop.secret() FROM PUBLIC");
        fixture.capture("shop.item", new Capture.Filter(Set.of(INSERT), List.of(), "current_schema() = 'shop'"));
        asWriter(
                "SET search_path = shop; INSERT INTO item VALUES (1, 'a')",
                "SET search_path = pg_catalog; INSERT INTO shop.item VALUES (2, 'a')");
        assertThat(fixture.changes()).extracting(each -> each.metadata().key()).containsExactly("1");

        fixture.capture("shop.item", new Capture.Filter(Set.of(UPDATE), List.of(), "shop.secret()"));
        assertThatThrownBy(() -> asWriter("UPDATE shop.item SET name = 'b'"))
                .hasStackTraceContaining("permission denied for function secret");
    }

    @Test
    void whoMakesPartitionsNeedsToBeGrantedTheFunctionOfTheTriggers() {
        fixture.sql(
                "CREATE TABLE shop.reading (id int, day date) PARTITION BY RANGE (day)",
                "CREATE TABLE shop.reading_2024 (id int, day date)",
                "ALTER TABLE shop.reading OWNER TO " + role,
                "ALTER TABLE shop.reading_2024 OWNER TO " + role);
        String attach = "ALTER TABLE shop.reading ATTACH PARTITION shop.reading_2024 FOR VALUES"
                + " FROM ('2024-01-01') TO ('2025-01-01')";
        String create = "CREATE TABLE shop.reading_2025 PARTITION OF shop.reading FOR VALUES"
                + " FROM ('2025-01-01') TO ('2026-01-01')";
        String grant = "GRANT EXECUTE ON FUNCTION \"public\".event_capture_change() TO " + role + ";";
        RowCaptures verifying = fixture.captures(RowCaptures.Mode.VERIFY);
        verifying.declare("shop.reading", Capture.Filter.EVERYTHING);
        verifying.declare("shop.reading", CaptureFixture.only(INSERT));
        assertThat(warningsOfPartitions()).singleElement().asString().contains("\"shop\".\"reading\"", grant);
        assertThatThrownBy(verifying::start)
                .isInstanceOfSatisfying(
                        PgEventsStartException.class,
                        ex -> assertThat(ex.action()).endsWith(grant + "\n"));

        fixture.capture("shop.reading");
        for (String statement : List.of(attach, create)) {
            assertThatThrownBy(() -> asWriter(statement)).hasStackTraceContaining("permission denied for function");
        }
        fixture.sql(verifying.script());
        asWriter(attach, create, "INSERT INTO shop.reading VALUES (1, '2024-05-01'), (2, '2025-05-01')");
        assertThat(fixture.operations()).containsExactly(INSERT, INSERT);
    }

    @Test
    void warnsOfNoOwnerWhoCanMakePartitionsOrHasNone() {
        fixture.sql(
                "CREATE TABLE shop.reading (id int, day date) PARTITION BY RANGE (day)",
                "ALTER TABLE shop.reading OWNER TO " + role,
                "ALTER TABLE shop.item OWNER TO " + role);
        fixture.captures().declare("shop.item", Capture.Filter.EVERYTHING);
        fixture.sql("GRANT EXECUTE ON FUNCTION event_capture_change() TO " + role);
        fixture.captures().declare("shop.reading", Capture.Filter.EVERYTHING);
        assertThat(warningsOfPartitions()).isEmpty();
        assertThat(fixture.captures().script()).doesNotContain("GRANT");
    }

    private static List<String> warningsOfPartitions() {
        return LogCapture.warnings().stream()
                .filter(each -> each.contains("cannot create or attach partitions"))
                .toList();
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
