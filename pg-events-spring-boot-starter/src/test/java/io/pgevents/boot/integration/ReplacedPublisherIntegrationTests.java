package io.pgevents.boot.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mockingDetails;
import static org.mockito.Mockito.verify;

import io.pgevents.EventPublisher;
import io.pgevents.OutgoingEvent;
import io.pgevents.PgSubscribe;
import io.pgevents.support.TestPostgres;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.bean.override.mockito.MockitoBean;
import org.springframework.test.context.bean.override.mockito.MockitoSpyBean;

/** Tests of applications that replace the publisher: their handlers run on. */
@SpringBootTest(
        classes = ReplacedPublisherIntegrationTests.Application.class,
        webEnvironment = WebEnvironment.NONE,
        properties = {
            "spring.datasource.username=postgres",
            "spring.datasource.password=postgres",
            "spring.data.jpa.repositories.enabled=false"
        })
@DirtiesContext
class ReplacedPublisherIntegrationTests {

    static class Shop {
        private final EventPublisher publisher;
        private final Inbox inbox;

        Shop(EventPublisher publisher, Inbox inbox) {
            this.publisher = publisher;
            this.inbox = inbox;
        }

        void place(String item) {
            publisher.publish("order.placed", item);
        }

        @PgSubscribe(topic = "order.placed", subscription = "ship")
        OutgoingEvent ship(String item) {
            return OutgoingEvent.of("order.shipped", item + " was shipped");
        }

        @PgSubscribe(topic = "order.shipped", subscription = "tell")
        void tell(String text) {
            inbox.add(text);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration(exclude = {HibernateJpaAutoConfiguration.class, FlywayAutoConfiguration.class})
    @Import({Shop.class, Inbox.class})
    static class Application {}

    @DynamicPropertySource
    static void database(DynamicPropertyRegistry properties) {
        String url = TestPostgres.newDatabaseUrl();
        properties.add("spring.datasource.url", () -> url);
    }

    private static void insert(JdbcTemplate jdbc, String item) {
        jdbc.update("INSERT INTO event_queue (topic, payload) VALUES ('order.placed', to_jsonb(?::text))", item);
    }

    @Nested
    class ByAMock {

        @MockitoBean
        private EventPublisher publisher;

        @Test
        void whatTheApplicationPublishesIsOnlySeen(
                @Autowired Shop shop, @Autowired Inbox inbox, @Autowired JdbcTemplate jdbc)
                throws InterruptedException {
            shop.place("A book");
            verify(publisher).publish("order.placed", "A book");
            insert(jdbc, "A lamp");
            assertThat(inbox.next()).isEqualTo("A lamp was shipped");
            assertThat(jdbc.queryForObject("SELECT count(*) FROM event_queue", Long.class))
                    .isEqualTo(2);
        }
    }

    @Nested
    class ByASpy {

        @MockitoSpyBean
        private EventPublisher publisher;

        @Test
        void whatTheApplicationPublishesIsSeenAndHandled(@Autowired Shop shop, @Autowired Inbox inbox)
                throws InterruptedException {
            assertThat(mockingDetails(publisher).isSpy()).isTrue();
            shop.place("A book");
            verify(publisher).publish("order.placed", "A book");
            assertThat(inbox.next()).isEqualTo("A book was shipped");
        }
    }
}
