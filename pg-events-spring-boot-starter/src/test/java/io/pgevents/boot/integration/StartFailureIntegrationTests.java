package io.pgevents.boot.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.pgevents.PgSubscribe;
import io.pgevents.support.TestPostgres;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** What a developer reads when an application does not start. */
@ExtendWith(OutputCaptureExtension.class)
class StartFailureIntegrationTests {

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration(exclude = {HibernateJpaAutoConfiguration.class, FlywayAutoConfiguration.class})
    static class Application {}

    static class WrongHandler {
        @PgSubscribe(topic = "order.placed", timeout = "soon")
        void on(String text) {}
    }

    @Test
    void saysThatTheDatabaseIsDown(CapturedOutput output) throws IOException {
        failToStart("jdbc:postgresql://localhost:" + unusedPort() + "/shop");
        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("The database cannot be reached")
                .contains("spring.datasource.url");
    }

    @Test
    void saysThatTheTablesAreMissing(CapturedOutput output) {
        for (String migrate : List.of("false", "validate")) {
            failToStart(TestPostgres.newDatabaseUrl(), "--pg-events.schema.migrate=" + migrate);
        }
        assertThat(output).contains("APPLICATION FAILED TO START").contains("Set pg-events.schema.migrate=true");
    }

    @Test
    void saysWhichPrivilegeIsMissing(CapturedOutput output) {
        String url = TestPostgres.newDatabaseUrl();
        JdbcTemplate jdbc = new JdbcTemplate(new DriverManagerDataSource(url, "postgres", "postgres"));
        jdbc.execute("DROP ROLE IF EXISTS guest");
        jdbc.execute("CREATE ROLE guest LOGIN PASSWORD 'guest'");
        jdbc.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC");
        failToStart(url, "--spring.datasource.username=guest", "--spring.datasource.password=guest");
        assertThat(output).contains("APPLICATION FAILED TO START").contains("GRANT CREATE, USAGE ON SCHEMA");
    }

    @Test
    void saysWhichHandlerIsWrong(CapturedOutput output) {
        failToStart(List.of(WrongHandler.class), TestPostgres.newDatabaseUrl());
        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("WrongHandler.on(String)")
                .contains("timeout = \"soon\"")
                .contains("Use a duration");
    }

    @Test
    void saysWhichPropertyIsWrong(CapturedOutput output) {
        failToStart(TestPostgres.newDatabaseUrl(), "--pg-events.poll-interval=1h");
        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("The poll interval must be 10 ms to 1 min")
                .contains("Correct pg-events.poll-interval");
    }

    @Test
    void saysWhichPropertyCannotBeRead(CapturedOutput output) {
        failToStart(TestPostgres.newDatabaseUrl(), "--pg-events.subscription.mode=sometimes");
        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("pg-events.subscription.mode")
                .contains("LEASED");
    }

    private static void failToStart(String url, String... more) {
        failToStart(List.of(), url, more);
    }

    private static void failToStart(List<Class<?>> handlers, String url, String... more) {
        assertThatExceptionOfType(Exception.class)
                .isThrownBy(() -> new SpringApplicationBuilder(Application.class)
                        .sources(handlers.toArray(Class<?>[]::new))
                        .web(WebApplicationType.NONE)
                        .properties(
                                "spring.datasource.url=" + url,
                                "spring.datasource.username=postgres",
                                "spring.datasource.password=postgres",
                                "spring.datasource.hikari.connection-timeout=1000",
                                "spring.data.jpa.repositories.enabled=false")
                        .run(more)
                        .close());
    }

    private static int unusedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
