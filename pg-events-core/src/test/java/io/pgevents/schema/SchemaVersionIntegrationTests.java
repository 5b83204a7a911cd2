package io.pgevents.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.pgevents.PgEventsStartException;
import io.pgevents.schema.SchemaSettings.Migrate;
import io.pgevents.support.TestPostgres;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** What each value of pg-events.schema.migrate does with tables of each version. */
class SchemaVersionIntegrationTests {

    private final HikariDataSource pool = TestPostgres.pool(TestPostgres.newDatabaseUrl(), 4);
    private final JdbcTemplate jdbc = new JdbcTemplate(pool);

    @AfterEach
    void close() {
        pool.close();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "TRUE")
    void refusesMissingTablesUnlessItMayCreateThem(Migrate migrate) {
        assertThatThrownBy(() -> initialize(migrate))
                .isInstanceOf(PgEventsStartException.class)
                .hasMessageContaining("\"public\" has no tables of pg-events")
                .hasMessageContaining("pg-events.schema.migrate=true")
                .hasMessageContaining("pg-events.schema.name");
        assertThat(jdbc.queryForObject("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'", Integer.class))
                .isZero();
    }

    @ParameterizedTest
    @EnumSource
    void acceptsTheVersionItBrings(Migrate migrate) {
        initialize(Migrate.TRUE);
        assertThatCode(() -> initialize(migrate)).doesNotThrowAnyException();
        assertThat(jdbc.queryForObject("SELECT count(*) FROM event_schema_history WHERE version = '1'", Integer.class))
                .isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void acceptsANewerMinorVersion(Migrate migrate) {
        initialize(Migrate.TRUE);
        pretend("1.7");
        assertThatCode(() -> initialize(migrate)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "FALSE")
    void refusesANewerMajorVersion(Migrate migrate) {
        initialize(Migrate.TRUE);
        pretend("2");
        assertThatThrownBy(() -> initialize(migrate))
                .isInstanceOf(PgEventsStartException.class)
                .hasMessageContaining("version 2.0")
                .hasMessageContaining("knows version 1.0")
                .hasMessageContaining("Upgrade pg-events");
    }

    @Test
    void comparesNoVersionWhenMigrationIsOff() {
        initialize(Migrate.TRUE);
        pretend("2");
        assertThatCode(() -> initialize(Migrate.FALSE)).doesNotThrowAnyException();
    }

    @Test
    void doesNotCountAFailedMigration() {
        initialize(Migrate.TRUE);
        jdbc.update(
                "INSERT INTO event_schema_history (installed_rank, version, description, type, script, installed_by,"
                        + " execution_time, success) VALUES (99, '2', 'd', 'SQL', 's', 'u', 1, false)");
        assertThatCode(() -> initialize(Migrate.VALIDATE)).doesNotThrowAnyException();
    }

    @Test
    void refusesAnOlderVersionWhenItMayOnlyValidate() {
        initialize(Migrate.TRUE);
        jdbc.update("UPDATE event_schema_history SET version = '0.9' WHERE version = '1'");
        assertThatThrownBy(() -> initialize(Migrate.VALIDATE))
                .isInstanceOf(PgEventsStartException.class)
                .hasMessageContaining("version 0.9")
                .hasMessageContaining("pg-events.schema.migrate=true");
    }

    @Test
    void validatesTablesThatAnotherToolHasCreatedWithoutAHistory() {
        initialize(Migrate.TRUE);
        jdbc.execute("DROP TABLE event_schema_history");
        assertThatCode(() -> initialize(Migrate.FALSE)).doesNotThrowAnyException();
        assertThatThrownBy(() -> initialize(Migrate.VALIDATE)).isInstanceOf(PgEventsStartException.class);
    }

    private void initialize(Migrate migrate) {
        new SchemaInitializer(pool, new SchemaSettings(null, migrate)).initialize();
    }

    private void pretend(String version) {
        jdbc.update(
                "INSERT INTO event_schema_history (installed_rank, version, description, type, script, installed_by,"
                        + " execution_time, success) VALUES (99, ?, 'd', 'SQL', 's', 'u', 1, true)",
                version);
    }
}
