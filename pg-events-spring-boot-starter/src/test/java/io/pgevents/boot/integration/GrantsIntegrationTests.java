package io.pgevents.boot.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.pgevents.EventPublisher;
import io.pgevents.PgSubscribe;
import io.pgevents.boot.support.BusRunner;
import io.pgevents.capture.PgChanges;
import io.pgevents.capture.RowChange;
import io.pgevents.schema.SchemaInitializer;
import io.pgevents.schema.SchemaSettings;
import io.pgevents.schema.SchemaSettings.Migrate;
import io.pgevents.support.TestPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/** An application that may do no more than the documentation says. */
class GrantsIntegrationTests {

    private static final Queue<String> told = new ConcurrentLinkedQueue<>();

    static class Handler {
        @PgSubscribe(topic = "a")
        void durable(String text) {
            told.add("durable " + text);
        }

        @PgSubscribe(topic = "a", broadcast = true)
        void live(String text) {
            told.add("live " + text);
        }

        @PgChanges(table = "item")
        void changed(RowChange.Inserted<String> change) {
            told.add("changed");
        }
    }

    private static List<String> ofTheDocument(String role) throws IOException {
        return Files.readAllLines(Path.of("../docs/operations.md")).stream()
                .filter(line -> line.startsWith("GRANT"))
                .map(line -> line.replace(" TO shop;", " TO " + role + ";"))
                .toList();
    }

    @Test
    void areEnoughToPublishHandleCaptureAndFollowLive() throws IOException {
        String url = TestPostgres.newDatabaseUrl();
        String role = "app_" + url.substring(url.lastIndexOf('/') + 1);
        try (HikariDataSource admin = TestPostgres.pool(url, 2)) {
            JdbcTemplate jdbc = new JdbcTemplate(admin);
            new SchemaInitializer(admin, new SchemaSettings("events", Migrate.TRUE)).initialize();
            jdbc.execute("CREATE ROLE " + role + " LOGIN PASSWORD 'secret'");
            jdbc.execute("CREATE TABLE item (id int PRIMARY KEY)");
            jdbc.execute("ALTER TABLE item OWNER TO " + role);
            assertThat(ofTheDocument(role)).hasSize(3).allSatisfy(jdbc::execute);
        }
        BusRunner.on(url)
                .withPropertyValues(
                        "spring.datasource.username=" + role,
                        "spring.datasource.password=secret",
                        "pg-events.schema.name=events",
                        "pg-events.schema.migrate=validate")
                .withBean(Handler.class)
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    EventPublisher publisher = context.getBean(EventPublisher.class);
                    publisher.publish("a", "published");
                    publisher.broadcast("a", "broadcast");
                    context.getBean(JdbcTemplate.class).update("INSERT INTO item VALUES (1)");
                    await().untilAsserted(() -> assertThat(told)
                            .containsExactlyInAnyOrder(
                                    "durable published", "live published", "live broadcast", "changed"));
                });
    }
}
