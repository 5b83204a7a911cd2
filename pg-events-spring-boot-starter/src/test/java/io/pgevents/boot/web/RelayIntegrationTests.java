package io.pgevents.boot.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pgevents.EventPublisher;
import io.pgevents.relay.RelayAuthorizer;
import io.pgevents.support.TestPostgres;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/** From the commit to the browser, over the live log of a real server. */
class RelayIntegrationTests {

    private static final Duration WAIT = Duration.ofSeconds(30);

    @Test
    void streamsWhatIsCommittedAndGoesOnAtAnotherInstance() {
        String database = TestPostgres.newDatabaseUrl();
        String lastId;
        try (ServletWebServerApplicationContext application = start(database);
                SseBrowser browser = new SseBrowser(url(application))) {
            await().atMost(WAIT).until(browser::isOpen);
            EventPublisher publisher = application.getBean(EventPublisher.class);
            TransactionTemplate transactions = application.getBean(TransactionTemplate.class);
            transactions.executeWithoutResult(status -> {
                publisher.publish("order.paid", Map.of("n", 0));
                status.setRollbackOnly();
            });
            transactions.executeWithoutResult(status -> publisher.publish("order.paid", Map.of("n", 1)));
            publisher.broadcast("order.sent", Map.of("n", 2));
            await().atMost(WAIT).until(() -> browser.values("data").size() == 2);
            assertThat(browser.values("event")).containsExactlyInAnyOrder("order.paid", "order.sent");
            List<String> ids = browser.values("id");
            lastId = ids.get(ids.size() - 1);
        }
        try (ServletWebServerApplicationContext other = start(database)) {
            other.getBean(JdbcTemplate.class)
                    .update("INSERT INTO event_queue (topic, payload) VALUES ('order.paid', '{\"n\": 3}')");
            try (SseBrowser browser = new SseBrowser(url(other), "Last-Event-ID", lastId)) {
                await().atMost(WAIT).until(() -> browser.values("data").size() == 1);
                other.getBean(EventPublisher.class).publish("order.paid", Map.of("n", 4));
                await().atMost(WAIT).until(() -> browser.values("data").size() == 2);
                assertThat(browser.values("data")).containsExactly("{\"n\": 3}", "{\"n\": 4}");
            }
        }
    }

    private static String url(ServletWebServerApplicationContext application) {
        return "http://localhost:" + application.getWebServer().getPort() + "/pg-events/stream/orders";
    }

    private static ServletWebServerApplicationContext start(String database) {
        return (ServletWebServerApplicationContext) new SpringApplicationBuilder(Application.class)
                .run(
                        "--server.port=0",
                        "--spring.main.web-application-type=servlet",
                        "--spring.datasource.url=" + database,
                        "--spring.datasource.username=postgres",
                        "--spring.datasource.password=postgres",
                        "--spring.flyway.enabled=false",
                        "--pg-events.relay.streams.orders.topics=order.#");
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {

        @Bean
        RelayAuthorizer authorizer() {
            return request -> true;
        }
    }
}
