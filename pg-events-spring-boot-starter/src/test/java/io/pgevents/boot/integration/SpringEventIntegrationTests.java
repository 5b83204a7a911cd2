package io.pgevents.boot.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.pgevents.InvalidEventException;
import io.pgevents.PgEvent;
import io.pgevents.PgSubscribe;
import io.pgevents.boot.support.BusRunner;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.event.ApplicationEventMulticaster;
import org.springframework.context.event.EventListener;
import org.springframework.context.event.SimpleApplicationEventMulticaster;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class SpringEventIntegrationTests {

    private final ApplicationContextRunner runner = BusRunner.onNewDatabase();

    @PgEvent(value = "order.closed", key = "id")
    sealed interface Closed permits Shipped, Cancelled {
        String id();
    }

    record Shipped(String id) implements Closed {}

    record Cancelled(String id) implements Closed {}

    record Unrelated(String id) {}

    @PgEvent("broken")
    record Unwritable(Object self) {
        static Unwritable create() {
            Object[] cycle = new Object[1];
            cycle[0] = cycle;
            return new Unwritable(cycle);
        }
    }

    record Handler(Inbox inbox) {
        @PgSubscribe(topic = "order.closed", subscription = "closed")
        void on(Closed closed) {
            inbox.add(closed);
        }
    }

    record InMemory(Inbox inbox) {
        @EventListener
        void on(Shipped shipped) {
            inbox.add("in memory " + shipped.id());
        }
    }

    @Test
    void storesAnnotatedObjects() {
        runner.withBean(Inbox.class).withBean(Handler.class).run(context -> {
            context.publishEvent(new Unrelated("1"));
            context.publishEvent(new Cancelled("2"));
            assertThat(context.getBean(Inbox.class).next()).isEqualTo(new Cancelled("2"));
            assertThat(stored(context.getBean(JdbcTemplate.class))).isEqualTo(1);
        });
    }

    @Test
    void leavesListenersInMemoryAlone() {
        runner.withBean(Inbox.class).withBean(InMemory.class).run(context -> {
            context.publishEvent(new Shipped("1"));
            assertThat(context.getBean(Inbox.class).next()).isEqualTo("in memory 1");
            assertThat(stored(context.getBean(JdbcTemplate.class))).isEqualTo(1);
        });
    }

    @Test
    void storesInTheTransactionOfTheCaller() {
        runner.run(context -> {
            rollBack(context.getBean(PlatformTransactionManager.class), context, new Shipped("1"));
            assertThat(stored(context.getBean(JdbcTemplate.class))).isZero();
        });
    }

    @Test
    void storesInTheThreadOfTheCallerUnderAnAsynchronousMulticaster() {
        runner.withBean("applicationEventMulticaster", ApplicationEventMulticaster.class, () -> {
                    SimpleApplicationEventMulticaster multicaster = new SimpleApplicationEventMulticaster();
                    multicaster.setTaskExecutor(new SimpleAsyncTaskExecutor());
                    return multicaster;
                })
                .run(context -> {
                    rollBack(context.getBean(PlatformTransactionManager.class), context, new Shipped("1"));
                    assertThat(stored(context.getBean(JdbcTemplate.class))).isZero();
                    context.publishEvent(new Shipped("2"));
                    assertThat(stored(context.getBean(JdbcTemplate.class))).isEqualTo(1);
                });
    }

    @Test
    void tellsTheCallerOfARefusedEvent() {
        runner.run(context -> assertThatExceptionOfType(InvalidEventException.class)
                .isThrownBy(() -> context.publishEvent(Unwritable.create())));
    }

    @Test
    void storesOnceInAHierarchyOfContexts() {
        runner.run(parent -> BusRunner.withoutDatabase().withParent(parent).run(child -> {
            child.publishEvent(new Shipped("1"));
            assertThat(stored(parent.getBean(JdbcTemplate.class))).isEqualTo(1);
        }));
    }

    private static void rollBack(
            PlatformTransactionManager manager, ApplicationEventPublisher publisher, Object event) {
        new TransactionTemplate(manager).executeWithoutResult(status -> {
            publisher.publishEvent(event);
            status.setRollbackOnly();
        });
    }

    private static Long stored(JdbcTemplate jdbc) {
        return jdbc.queryForObject("SELECT count(*) FROM event_queue", Long.class);
    }
}
