package io.pgevents.boot.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgevents.EventMetadata;
import io.pgevents.EventPublisher;
import io.pgevents.OutgoingEvent;
import io.pgevents.PgEvent;
import io.pgevents.PgSubscribe;
import io.pgevents.Retry;
import io.pgevents.admin.DeadLetters;
import io.pgevents.boot.support.BusRunner;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.dao.IncorrectResultSizeDataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.annotation.Transactional;

class HandlerTransactionIntegrationTests {

    private final ApplicationContextRunner runner = BusRunner.onNewDatabase().withBean(Inbox.class);

    @PgEvent(value = "order.placed", key = "id")
    record Placed(String id) {}

    @PgEvent(value = "order.reserved", key = "id")
    record Reserved(String id) {}

    @PgEvent(value = "order.shipped", key = "id")
    record Shipped(String id) {}

    static class Pipeline {
        private final Inbox inbox;
        private final JdbcTemplate jdbc;

        Pipeline(Inbox inbox, JdbcTemplate jdbc) {
            this.inbox = inbox;
            this.jdbc = jdbc;
        }

        @PgSubscribe(topic = "order.placed", subscription = "reserve", retry = @Retry(delay = "10ms"))
        @Transactional
        public Reserved reserve(Placed placed, EventMetadata metadata) {
            jdbc.update("INSERT INTO steps VALUES (?, 'reserved')", placed.id());
            if (metadata.attempt() == 1) {
                throw new IllegalStateException("the first attempt fails, and its row is gone");
            }
            return new Reserved(placed.id());
        }

        @PgSubscribe(topic = "order.reserved", subscription = "ship")
        List<Shipped> ship(List<Reserved> batch) {
            batch.forEach(each -> jdbc.update("INSERT INTO steps VALUES (?, 'shipped')", each.id()));
            return batch.stream().map(each -> new Shipped(each.id())).toList();
        }

        @PgSubscribe(topic = "order.shipped", subscription = "tell")
        void tell(Shipped shipped, EventMetadata metadata) {
            inbox.add(shipped.id() + " " + metadata.key() + " " + metadata.type());
        }
    }

    @Test
    void publishesTheNextStepInTheTransactionOfTheHandler() {
        runner.withBean(Pipeline.class).run(context -> {
            JdbcTemplate jdbc = context.getBean(JdbcTemplate.class);
            jdbc.execute("CREATE TABLE steps (id text, step text)");
            context.getBean(EventPublisher.class).publish(new Placed("7"));

            assertThat(context.getBean(Inbox.class).next()).isEqualTo("7 7 Shipped");
            assertThat(jdbc.queryForList("SELECT step FROM steps ORDER BY step", String.class))
                    .containsExactly("reserved", "shipped");
        });
    }

    static class Failing {
        @PgSubscribe(
                topic = "order.placed",
                subscription = "failing",
                retry = @Retry(excludes = IncorrectResultSizeDataAccessException.class))
        void on(Placed placed) {
            throw new IncorrectResultSizeDataAccessException("no such order " + placed.id(), 1);
        }
    }

    @Test
    void keepsTheErrorOfADeadLetterAndReplaysIt() {
        runner.withBean(Failing.class).run(context -> {
            context.getBean(EventPublisher.class).publish(new Placed("7"));
            DeadLetters letters = context.getBean(DeadLetters.class);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(letters.list("failing", 10)).hasSize(1));

            var letter = letters.list("failing", 10).get(0);
            assertThat(letter.attempts()).isEqualTo(1);
            assertThat(letter.error()).contains("no such order 7").contains("Failing.on(");
            assertThat(letters.replay(letter.id())).isTrue();
        });
    }

    sealed interface Change permits Renamed, Repriced {}

    record Renamed(String name) implements Change {}

    record Repriced(int price) implements Change {}

    sealed interface OldChange permits OldRenamed {}

    @PgEvent(value = "product.changed", type = "Renamed")
    record OldRenamed(String name) implements OldChange {}

    record OldNode(Inbox inbox) {
        @PgSubscribe(topic = "product.changed", subscription = "products")
        void on(OldChange change) {
            inbox.add(change);
        }
    }

    record NewNode(Inbox inbox) {
        @PgSubscribe(topic = "product.changed", subscription = "products")
        void on(Change change) {
            inbox.add(change);
        }
    }

    @Test
    void leavesEventsOfUnknownTypesToNewerNodes() {
        runner.withBean(OldNode.class).run(old -> {
            publish(old.getBean(EventPublisher.class), new Repriced(3));
            publish(old.getBean(EventPublisher.class), new Renamed("lamp"));
            assertThat(old.getBean(Inbox.class).next()).isEqualTo(new OldRenamed("lamp"));
            old.getBean(Inbox.class).assertEmpty();
            assertThat(old.getBean(JdbcTemplate.class)
                            .queryForMap("SELECT status, attempt_count FROM event_queue WHERE type = 'Repriced'"))
                    .containsEntry("status", "pending")
                    .extractingByKey("attempt_count")
                    .asString()
                    .isEqualTo("0");

            runner.withBean(NewNode.class)
                    .run(newer -> assertThat(newer.getBean(Inbox.class).next()).isEqualTo(new Repriced(3)));
        });
    }

    private static void publish(EventPublisher publisher, Change change) {
        publisher.publish(OutgoingEvent.of("product.changed", change)
                .withType(change.getClass().getSimpleName()));
    }
}
