package io.pgevents.boot.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgevents.EventPublisher;
import io.pgevents.PgSubscribe;
import io.pgevents.PublishReceipt;
import io.pgevents.live.LiveEvent;
import io.pgevents.live.LiveFeed;
import io.pgevents.live.LiveListener;
import io.pgevents.live.LiveTopics;
import io.pgevents.subscription.TopicPattern;
import io.pgevents.support.TestPostgres;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/** Two applications on one database. */
class BroadcastIntegrationTests {

    record Price(String item, int cents) {}

    static class Prices {
        private final Inbox inbox;

        Prices(Inbox inbox) {
            this.inbox = inbox;
        }

        @PgSubscribe(topic = "price.*", broadcast = true)
        void on(Price price) {
            inbox.add(price);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration(exclude = {HibernateJpaAutoConfiguration.class, FlywayAutoConfiguration.class})
    @Import({Prices.class, Inbox.class})
    static class Application {

        @Bean
        LiveTopics liveTopics() {
            return () -> List.of(new TopicPattern("page.viewed"));
        }
    }

    @Test
    void everyApplicationIsTold() throws InterruptedException {
        String url = TestPostgres.newDatabaseUrl();
        try (ConfigurableApplicationContext one = start(url);
                ConfigurableApplicationContext two = start(url)) {
            EventPublisher publisher = one.getBean(EventPublisher.class);
            one.getBean(TransactionTemplate.class).executeWithoutResult(status -> {
                publisher.broadcast("price.book", new Price("book", 1));
                publisher.broadcast("price.book", new Price("book", 2));
            });
            two.getBean(JdbcTemplate.class)
                    .update(
                            "INSERT INTO event_queue (topic, payload) VALUES ('price.pen', '{\"item\": \"pen\", \"cents\": 3}')");
            for (ConfigurableApplicationContext each : List.of(one, two)) {
                Inbox inbox = each.getBean(Inbox.class);
                assertThat(List.of(inbox.next(), inbox.next(), inbox.next()))
                        .containsExactlyInAnyOrder(new Price("book", 1), new Price("book", 2), new Price("pen", 3));
            }
        }
    }

    @Test
    void whatABeanNamesIsLiveForListeners() throws InterruptedException {
        try (ConfigurableApplicationContext context = start(TestPostgres.newDatabaseUrl())) {
            Inbox inbox = context.getBean(Inbox.class);
            context.getBean(LiveFeed.class).listen(List.of(new TopicPattern("page.#")), new LiveListener() {
                @Override
                public void received(LiveEvent event) {
                    inbox.add(event.topic());
                }

                @Override
                public void gap() {}
            });
            assertThat(context.getBean(EventPublisher.class)
                            .publish("page.viewed", 1)
                            .outcome())
                    .isEqualTo(PublishReceipt.Outcome.PUBLISHED);
            assertThat(inbox.next()).isEqualTo("page.viewed");
        }
    }

    private static ConfigurableApplicationContext start(String url) {
        return new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .properties(
                        "spring.datasource.url=" + url,
                        "spring.datasource.username=postgres",
                        "spring.datasource.password=postgres",
                        "spring.data.jpa.repositories.enabled=false")
                .run();
    }
}
