package io.pgevents.boot.test;

import static org.assertj.core.api.Assertions.assertThat;

import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;

@ExtendWith(OutputCaptureExtension.class)
class EmbeddedPostgresAutoConfigurationIntegrationTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    JdbcTemplateAutoConfiguration.class,
                    DataSourceAutoConfiguration.class,
                    EmbeddedPostgresAutoConfiguration.class));

    @Test
    void givesEachContextItsOwnDatabaseOnOneServer() {
        runner.run(first -> runner.run(second -> {
            jdbc(first).execute("CREATE TABLE only_in_first (id int)");

            assertThat(jdbc(second).queryForObject("SELECT to_regclass('only_in_first')", String.class))
                    .isNull();
            assertThat(setting(first, "port")).isEqualTo(setting(second, "port"));
        }));
    }

    @Test
    void dropsTheDatabaseWhenTheContextIsClosed() {
        runner.run(survivor -> {
            StringBuilder name = new StringBuilder();
            runner.run(closed -> name.append(jdbc(closed).queryForObject("SELECT current_database()", String.class)));

            assertThat(jdbc(survivor).queryForList("SELECT datname FROM pg_database", String.class))
                    .doesNotContain(name.toString());
        });
    }

    @Test
    void allowsTwoHundredConnections() {
        runner.run(context -> assertThat(setting(context, "max_connections")).isEqualTo("200"));
    }

    @Test
    void saysHowToLookInside(CapturedOutput output) {
        runner.run(context -> assertThat(output)
                .contains("psql -h localhost -p " + setting(context, "port") + " -U postgres test_")
                .contains("no password is needed"));
    }

    @Test
    void backsOffWhenAUrlIsSet() {
        runner.withPropertyValues("spring.datasource.url=jdbc:postgresql://db.example.org/shop")
                .run(context -> assertThat(context).doesNotHaveBean(EmbeddedConnectionDetails.class));
    }

    @Test
    void takesAnEmptyUrlForNone() {
        runner.withPropertyValues("spring.datasource.url=")
                .run(context -> assertThat(context).hasSingleBean(EmbeddedConnectionDetails.class));
    }

    @Test
    void backsOffWhenTheApplicationHasADataSource() {
        runner.withBean(DataSource.class, SimpleDriverDataSource::new)
                .run(context -> assertThat(context).doesNotHaveBean(JdbcConnectionDetails.class));
    }

    @Test
    void backsOffWhenSwitchedOff() {
        runner.withPropertyValues("pg-events.embedded-postgres.enabled=false")
                .run(context -> assertThat(context.getStartupFailure())
                        .rootCause()
                        .hasMessageContaining("Failed to determine a suitable driver class"));
    }

    static JdbcTemplate jdbc(ApplicationContext context) {
        return context.getBean(JdbcTemplate.class);
    }

    private static String setting(ApplicationContext context, String name) {
        return String.valueOf(jdbc(context).queryForObject("SELECT current_setting(?)", String.class, name));
    }
}
