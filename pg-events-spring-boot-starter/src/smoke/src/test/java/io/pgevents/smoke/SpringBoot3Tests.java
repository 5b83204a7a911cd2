package io.pgevents.smoke;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pgevents.EventPublisher;
import io.pgevents.PgEvent;
import io.pgevents.PgSubscribe;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

/** The starter on Spring Boot 3.5: publish, subscribe, next step, plain SQL. */
class SpringBoot3Tests {

    private static final Queue<Object> SEEN = new ConcurrentLinkedQueue<>();

    @Test
    void deliversOnSpringBoot3() throws IOException {
        assertThat(SpringBootVersion.getVersion()).startsWith("3.5.");
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start();
                ConfigurableApplicationContext context = SpringApplication.run(
                        Application.class,
                        "--spring.datasource.url=" + postgres.getJdbcUrl("postgres", "postgres"),
                        "--spring.datasource.username=postgres")) {
            context.getBean(EventPublisher.class).publish(new Placed("book", Instant.EPOCH));
            context.getBean(JdbcTemplate.class)
                    .update("INSERT INTO event_queue (topic, payload) VALUES ('placed', '{\"item\": \"pen\"}')");
            await().atMost(Duration.ofSeconds(20)).until(() -> SEEN.size() == 2);
            assertThat(SEEN).containsExactlyInAnyOrder(new Shipped("book"), new Shipped("pen"));
        }
    }

    @PgEvent("placed")
    record Placed(String item, Instant at) {}

    @PgEvent("shipped")
    record Shipped(String item) {}

    @SpringBootApplication
    static class Application {

        @PgSubscribe(topic = "placed")
        Shipped ship(Placed placed) {
            return new Shipped(placed.item());
        }

        @PgSubscribe(topic = "shipped")
        void remember(Shipped shipped) {
            SEEN.add(shipped);
        }
    }
}
