package io.pgevents.capture;

import static io.pgevents.capture.RowChange.Operation.INSERT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pgevents.capture.Capture.Filter;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** An autovacuum of a captured table, too slow to be waited for, does not keep triggers from coming and going. */
class CaptureUnderVacuumIntegrationTests {

    private final EmbeddedPostgres server;
    private final String url;
    private final CaptureFixture fixture;

    CaptureUnderVacuumIntegrationTests() throws IOException {
        server = EmbeddedPostgres.builder()
                .setServerConfig("autovacuum_naptime", "1s")
                .setServerConfig("fsync", "off")
                .start();
        url = "jdbc:postgresql://localhost:" + server.getPort() + "/postgres";
        fixture = new CaptureFixture(url);
    }

    @BeforeEach
    void createTable() {
        fixture.sql(
                "CREATE TABLE profile (id int PRIMARY KEY, name text) WITH (autovacuum_vacuum_threshold = 0,"
                        + " autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_cost_delay = 100, autovacuum_vacuum_cost_limit = 1)");
    }

    @AfterEach
    void close() throws IOException {
        fixture.close();
        server.close();
    }

    /** Of a thousand pages, with a pause after each. */
    private void awaitAutovacuum() {
        fixture.sql(
                "INSERT INTO profile SELECT i, repeat('x', 500) FROM generate_series(1, 15000) AS i",
                "DELETE FROM profile WHERE id % 2 = 0");
        await().atMost(Duration.ofMinutes(2)).until(this::isVacuumed);
    }

    private boolean isVacuumed() {
        return Boolean.TRUE.equals(fixture.jdbc()
                .queryForObject(
                        "SELECT EXISTS (SELECT FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
                                + " WHERE l.relation = 'profile'::regclass AND a.backend_type = 'autovacuum worker')",
                        Boolean.class));
    }

    @Test
    void anApplicationStarts() {
        fixture.captures().declare("profile", Filter.EVERYTHING);
        awaitAutovacuum();
        fixture.captures().start();
        assertThat(fixture.triggers()).hasSize(4);
    }

    @Test
    void anApplicationWhoseRoleDoesNotSeeWhatOthersDoStarts() {
        fixture.sql(
                "CREATE ROLE shop LOGIN PASSWORD 'shop'",
                "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO shop",
                "GRANT EXECUTE ON FUNCTION event_capture_change() TO shop",
                "ALTER TABLE profile OWNER TO shop");
        RowCaptures captures =
                fixture.captures(new DriverManagerDataSource(url, "shop", "shop"), RowCaptures.Settings.DEFAULT);
        captures.declare("profile", Filter.EVERYTHING);
        awaitAutovacuum();
        captures.start();
        captures.stop();
        assertThat(fixture.triggers()).hasSize(4);
    }

    @Test
    void triggersThatWereDroppedComeBack() {
        fixture.capture("profile", CaptureFixture.only(INSERT));
        fixture.sql("DROP TRIGGER " + fixture.triggers().get(0) + " ON profile");
        awaitAutovacuum();
        await().until(() -> {
            fixture.captures().maintain();
            return fixture.triggers().size() == 1;
        });
    }

    @Test
    void triggersThatNobodyWantsGo() {
        fixture.capture("profile", CaptureFixture.only(INSERT));
        fixture.captures().stop();
        fixture.unsubscribe();
        fixture.letADayPass();
        awaitAutovacuum();
        RowCaptures other = fixture.captures(fixture.bus().pool(), RowCaptures.Settings.DEFAULT);
        await().until(() -> {
            other.maintain();
            return fixture.triggers().isEmpty();
        });
    }
}
