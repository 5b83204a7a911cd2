package io.pgevents.boot.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgevents.EventPublisher;
import io.pgevents.PgSubscribe;
import io.pgevents.support.TestPostgres;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.event.TransactionPhase;
import org.springframework.transaction.event.TransactionalEventListener;
import org.springframework.transaction.support.TransactionTemplate;

/** Publishing in listeners to the end of a transaction, with and without JPA, and with auto-commit on and off. */
class TransactionalListenerIntegrationTests {

    private final String url = TestPostgres.newDatabaseUrl();
    private final JdbcTemplate outside = new JdbcTemplate(new DriverManagerDataSource(url, "postgres", "postgres"));

    record Ordered(String item) {}

    static class Listeners {
        private final EventPublisher publisher;
        private final Inbox inbox;

        Listeners(EventPublisher publisher, Inbox inbox) {
            this.publisher = publisher;
            this.inbox = inbox;
        }

        @TransactionalEventListener
        void committed(Ordered order) {
            publisher.publish("order", order.item() + " was ordered");
        }

        @TransactionalEventListener(phase = TransactionPhase.AFTER_ROLLBACK)
        void rolledBack(Ordered order) {
            publisher.publish("order", order.item() + " was not ordered");
        }

        @PgSubscribe(topic = "order", subscription = "orders")
        void on(String what) {
            inbox.add(what);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration(exclude = {HibernateJpaAutoConfiguration.class, FlywayAutoConfiguration.class})
    @Import({Listeners.class, Inbox.class})
    static class WithJdbc {}

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration(exclude = FlywayAutoConfiguration.class)
    @EntityScan(basePackageClasses = TransactionalListenerIntegrationTests.class)
    @Import({Listeners.class, Inbox.class})
    static class WithJpa {}

    static Stream<Arguments> applications() {
        return Stream.of(WithJdbc.class, WithJpa.class)
                .flatMap(each -> Stream.of(Arguments.of(each, true), Arguments.of(each, false)));
    }

    @ParameterizedTest
    @MethodSource("applications")
    void whatTheyPublishIsCommitted(Class<?> application, boolean autoCommit) throws InterruptedException {
        try (ConfigurableApplicationContext context = start(application, autoCommit)) {
            TransactionTemplate transaction =
                    new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
            Inbox inbox = context.getBean(Inbox.class);
            transaction.executeWithoutResult(status -> context.publishEvent(new Ordered("A book")));
            assertThat(inbox.next()).isEqualTo("A book was ordered");
            transaction.executeWithoutResult(status -> {
                context.publishEvent(new Ordered("A lamp"));
                status.setRollbackOnly();
            });
            assertThat(inbox.next()).isEqualTo("A lamp was not ordered");
        }
        assertThat(outside.queryForList("SELECT payload FROM event_queue WHERE status = 'done'", String.class))
                .hasSize(2);
    }

    private ConfigurableApplicationContext start(Class<?> application, boolean autoCommit) {
        return new SpringApplicationBuilder(application)
                .web(WebApplicationType.NONE)
                .run(
                        "--spring.datasource.url=" + url,
                        "--spring.datasource.username=postgres",
                        "--spring.datasource.password=postgres",
                        "--spring.datasource.hikari.auto-commit=" + autoCommit,
                        "--spring.data.jpa.repositories.enabled=false");
    }
}
