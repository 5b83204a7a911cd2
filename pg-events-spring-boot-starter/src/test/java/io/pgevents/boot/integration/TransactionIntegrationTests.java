package io.pgevents.boot.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.pgevents.EventPublisher;
import io.pgevents.PgSubscribe;
import io.pgevents.boot.support.BusRunner;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

class TransactionIntegrationTests {

    private final ApplicationContextRunner runner = BusRunner.onNewDatabase()
            .withBean(Inbox.class)
            .withBean(Handler.class)
            .withBean(Shop.class);

    record Handler(Inbox inbox) {
        @PgSubscribe(topic = "order.placed")
        void on(String item) {
            inbox.add(item);
        }
    }

    static class Shop {
        private final EventPublisher publisher;
        private final JdbcTemplate jdbc;

        Shop(EventPublisher publisher, JdbcTemplate jdbc) {
            this.publisher = publisher;
            this.jdbc = jdbc;
        }

        @Transactional
        public void place(String item, boolean fail) {
            jdbc.update("INSERT INTO placed VALUES (?)", item);
            publisher.publish("order.placed", item);
            if (fail) {
                throw new IllegalStateException("rolled back");
            }
        }
    }

    @Test
    void joinsATransactionalMethod() {
        runner.run(context -> {
            context.getBean(JdbcTemplate.class).execute("CREATE TABLE placed (item text)");
            Shop shop = context.getBean(Shop.class);
            assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> shop.place("lost", true));
            shop.place("book", false);

            assertThat(context.getBean(Inbox.class).next()).isEqualTo("book");
            context.getBean(Inbox.class).assertEmpty();
            assertThat(eventsStored(context.getBean(JdbcTemplate.class))).isEqualTo(1);
        });
    }

    @Test
    void joinsATransactionTemplate() {
        runner.run(context -> {
            TransactionTemplate transaction =
                    new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
            EventPublisher publisher = context.getBean(EventPublisher.class);
            transaction.executeWithoutResult(status -> {
                publisher.publish("order.placed", "lost");
                status.setRollbackOnly();
            });
            transaction.executeWithoutResult(status -> {
                publisher.publish("order.placed", "book");
                context.getBean(Inbox.class).assertEmpty();
            });

            assertThat(context.getBean(Inbox.class).next()).isEqualTo("book");
            assertThat(eventsStored(context.getBean(JdbcTemplate.class))).isEqualTo(1);
        });
    }

    @Test
    void commitsOnItsOwnWithoutATransaction() {
        runner.run(context -> {
            context.getBean(EventPublisher.class).publish("order.placed", "book");
            assertThat(context.getBean(Inbox.class).next()).isEqualTo("book");
        });
    }

    @Test
    void takesAPlainInsertForAnEvent() {
        runner.run(context -> {
            context.getBean(JdbcTemplate.class)
                    .update("INSERT INTO event_queue (topic, payload) VALUES ('order.placed', '\"book\"')");
            assertThat(context.getBean(Inbox.class).next()).isEqualTo("book");
        });
    }

    @Test
    void deliversAtThePollIntervalWhenNobodyListens() {
        runner.withPropertyValues("pg-events.listen.enabled=false", "pg-events.poll-interval=200ms")
                .run(context -> {
                    context.getBean(JdbcTemplate.class)
                            .update("INSERT INTO event_queue (topic, payload) VALUES ('order.placed', '\"book\"')");
                    assertThat(context.getBean(Inbox.class).next()).isEqualTo("book");
                });
    }

    @Test
    void keepsItsTablesInTheSchemaItIsTold() {
        runner.withPropertyValues("pg-events.schema.name=bus").run(context -> {
            context.getBean(EventPublisher.class).publish("order.placed", "book");
            assertThat(context.getBean(Inbox.class).next()).isEqualTo("book");
            assertThat(context.getBean(JdbcTemplate.class)
                            .queryForObject("SELECT count(*) FROM bus.event_queue", Long.class))
                    .isEqualTo(1);
        });
    }

    private static Long eventsStored(JdbcTemplate jdbc) {
        return jdbc.queryForObject("SELECT count(*) FROM event_queue", Long.class);
    }
}
