package io.pgevents.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.pgevents.PgEventsStartException;
import io.pgevents.codec.Jackson2EventCodec;
import io.pgevents.publish.JdbcEventPublisher;
import io.pgevents.publish.JdbcEventPublisher.PublishSettings;
import io.pgevents.schema.SchemaSettings.Migrate;
import io.pgevents.support.TestPostgres;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** A user who may do little, and a server that is away. */
class SchemaPrivilegeIntegrationTests {

    private final String url = TestPostgres.newDatabaseUrl();
    private final HikariDataSource admin = TestPostgres.pool(url, 2);
    private final JdbcTemplate jdbc = new JdbcTemplate(admin);
    private final DriverManagerDataSource user = new DriverManagerDataSource(url, "app_user", "secret");

    @BeforeEach
    void createUser() {
        jdbc.execute("DO $$ BEGIN CREATE ROLE app_user LOGIN PASSWORD 'secret';"
                + " EXCEPTION WHEN duplicate_object THEN NULL; END $$");
        jdbc.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC");
    }

    @AfterEach
    void close() {
        admin.close();
    }

    @Test
    @Timeout(5)
    void saysWhatToGrantWhenTablesMayNotBeCreated() {
        jdbc.execute("GRANT USAGE ON SCHEMA public TO app_user");
        assertThatThrownBy(() -> initialize("public", Migrate.TRUE))
                .isInstanceOf(PgEventsStartException.class)
                .hasMessageContaining("permission denied")
                .hasMessageContaining("GRANT CREATE, USAGE ON SCHEMA \"public\"")
                .hasMessageContaining("pg-events.schema.migrate=validate");
    }

    @Test
    void saysWhatToGrantWhenTheSchemaMayNotBeCreated() {
        assertThatThrownBy(() -> initialize("Events", Migrate.TRUE))
                .isInstanceOf(PgEventsStartException.class)
                .hasMessageContaining("CREATE SCHEMA \"Events\" AUTHORIZATION");
    }

    @Test
    void saysWhatToGrantWhenTheHistoryMayNotBeRead() {
        new SchemaInitializer(admin, SchemaSettings.DEFAULT).initialize();
        jdbc.execute("GRANT USAGE ON SCHEMA public TO app_user");
        assertThatThrownBy(() -> initialize("public", Migrate.VALIDATE))
                .isInstanceOf(PgEventsStartException.class)
                .hasMessageContaining("permission denied")
                .hasMessageContaining("Grant")
                .hasMessageContaining("SELECT, INSERT, UPDATE, DELETE");
    }

    @Test
    void needsNoPrivilegeToCreateOnceTheTablesAreThere() {
        new SchemaInitializer(admin, SchemaSettings.DEFAULT).initialize();
        jdbc.execute("GRANT USAGE ON SCHEMA public TO app_user");
        jdbc.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO app_user");
        for (Migrate migrate : Migrate.values()) {
            assertThatCode(() -> initialize("public", migrate))
                    .as("%s", migrate)
                    .doesNotThrowAnyException();
        }
        new JdbcEventPublisher(user, new EventSchema("public"), new Jackson2EventCodec(), PublishSettings.DEFAULT)
                .publish("a", 1);
        new JdbcTemplate(user).update("INSERT INTO event_queue (topic, payload) VALUES ('a', '2')");
        assertThat(jdbc.queryForObject("SELECT count(*) FROM event_queue", Integer.class))
                .isEqualTo(2);
    }

    @Test
    void worksForAUserWhoOwnsNothingButTheSchema() {
        jdbc.execute("CREATE SCHEMA own AUTHORIZATION app_user");
        assertThatCode(() -> initialize("own", Migrate.TRUE)).doesNotThrowAnyException();
    }

    @Test
    void saysThatTheServerIsAway() {
        DriverManagerDataSource away = new DriverManagerDataSource("jdbc:postgresql://localhost:1/none", "u", "p");
        assertThatThrownBy(() -> new SchemaInitializer(away, SchemaSettings.DEFAULT).initialize())
                .isInstanceOf(PgEventsStartException.class)
                .hasMessageContaining("The database cannot be reached: Connection refused")
                .hasMessageContaining("spring.datasource.url");
    }

    @Test
    void saysThatThePasswordIsWrong() {
        DriverManagerDataSource stranger = new DriverManagerDataSource(url, "nobody_knows", "p");
        assertThatThrownBy(() -> new SchemaInitializer(stranger, SchemaSettings.DEFAULT).initialize())
                .isInstanceOf(PgEventsStartException.class)
                .hasMessageContaining("nobody_knows")
                .hasMessageContaining("spring.datasource.username");
    }

    private void initialize(String schema, Migrate migrate) {
        new SchemaInitializer(user, new SchemaSettings(schema, migrate)).initialize();
    }
}
