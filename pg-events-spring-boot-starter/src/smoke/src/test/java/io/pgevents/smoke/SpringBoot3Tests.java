package io.pgevents.smoke;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pgevents.EventPublisher;
import io.pgevents.PgEvent;
import io.pgevents.PgSubscribe;
import io.pgevents.capture.PgChanges;
import io.pgevents.capture.RowChange;
import io.pgevents.relay.RelayAuthorizer;
import io.pgevents.relay.RelayStream;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.JdbcTemplate;

/** The starter on Spring Boot 3.5: publish, subscribe, next step, plain SQL, row changes, a stream for browsers. */
class SpringBoot3Tests {

    private static final Queue<Object> SEEN = new ConcurrentLinkedQueue<>();

    @Test
    void deliversOnSpringBoot3() throws IOException {
        assertThat(SpringBootVersion.getVersion()).startsWith("3.5.");
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start();
                ConfigurableApplicationContext context = SpringApplication.run(
                        Application.class,
                        "--server.port=0",
                        "--spring.datasource.url=" + postgres.getJdbcUrl("postgres", "postgres"),
                        "--spring.datasource.username=postgres",
                        "--spring.sql.init.mode=always",
                        "--spring.sql.init.schema-locations=classpath:profile.sql")) {
            context.getBean(EventPublisher.class).publish(new Placed("book", Instant.EPOCH));
            context.getBean(JdbcTemplate.class)
                    .update("INSERT INTO event_queue (topic, payload) VALUES ('placed', '{\"item\": \"pen\"}')");
            await().atMost(Duration.ofSeconds(20)).until(() -> SEEN.size() == 2);
            assertThat(SEEN).containsExactlyInAnyOrder(new Shipped("book"), new Shipped("pen"));
            SEEN.clear();
            streams(context);
        }
    }

    /** A change of a row, by trigger, to a method and to a browser. */
    private static void streams(ConfigurableApplicationContext context) throws IOException {
        URI stream = URI.create("http://localhost:"
                + context.getEnvironment().getProperty("local.server.port") + "/pg-events/stream/profiles");
        HttpResponse<Stream<String>> response = HttpClient.newHttpClient()
                .sendAsync(HttpRequest.newBuilder(stream).build(), HttpResponse.BodyHandlers.ofLines())
                .join();
        assertThat(response.statusCode()).isEqualTo(200);
        try (Stream<String> lines = response.body()) {
            context.getBean(JdbcTemplate.class).update("INSERT INTO profile VALUES ('ada', 1)");
            String data = lines.filter(line -> line.startsWith("data:")).findFirst().orElseThrow();
            assertThat(data).contains("\"name\":\"ada\"");
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> SEEN.contains(new Profile("ada", 1)));
    }

    record Profile(String name, int likes) {}

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

        @PgChanges(table = "profile", broadcast = true)
        void remember(RowChange.Inserted<Profile> profile) {
            SEEN.add(profile.row());
        }

        @Bean
        RelayStream profiles() {
            return RelayStream.of("profiles", "change.public.profile.#")
                    .withView(change -> change.payload().replace(" ", ""));
        }

        @Bean
        RelayAuthorizer everybody() {
            return request -> true;
        }

        @PgSubscribe(topic = "shipped")
        void remember(Shipped shipped) {
            SEEN.add(shipped);
        }
    }
}
