package io.pgevents.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.pgevents.support.TestPostgres;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/** The application's own Flyway and ours share a schema without touching each other. */
class ApplicationMigrationsIntegrationTests {

    private static final String OF_APPLICATION = "SELECT version FROM flyway_schema_history ORDER BY installed_rank";
    private static final String OURS = "SELECT version FROM event_schema_history ORDER BY installed_rank";

    private final HikariDataSource pool = TestPostgres.pool(TestPostgres.newDatabaseUrl(), 4);
    private final JdbcTemplate jdbc = new JdbcTemplate(pool);

    @AfterEach
    void close() {
        pool.close();
    }

    @Test
    void ofTheApplicationComeFirst() {
        application("1", false);
        ours();
        application("2", false);
        ours();
        assertThat(versions(OF_APPLICATION)).containsExactly("1", "2");
        assertThat(versions(OURS)).containsExactly("0", "1");
        assertThat(jdbc.queryForObject("SELECT count(*) FROM application_table", Integer.class))
                .isZero();
    }

    @Test
    void oursComeFirst() {
        ours();
        application("2", true);
        ours();
        assertThat(versions(OF_APPLICATION)).containsExactly("0", "1", "2");
        assertThat(versions(OURS)).containsExactly("1");
    }

    private void ours() {
        new SchemaInitializer(pool, SchemaSettings.DEFAULT).initialize();
    }

    private void application(String target, boolean baseline) {
        Flyway.configure()
                .dataSource(pool)
                .locations("classpath:io/pgevents/schema/application")
                .target(target)
                .baselineOnMigrate(baseline)
                .baselineVersion("0")
                .load()
                .migrate();
    }

    private List<String> versions(String query) {
        return jdbc.queryForList(query, String.class);
    }
}
