package io.pgevents.boot.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.pgevents.Notification;
import io.pgevents.PgEventsStartException;
import io.pgevents.PgListen;
import io.pgevents.boot.support.BusRunner;
import io.pgevents.boot.support.Failures;
import io.pgevents.channel.ChannelSender;
import io.pgevents.channel.Channels;
import io.pgevents.support.TestPostgres;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.annotation.Transactional;

/** Methods that listen to channels, in a complete context. */
@Timeout(90)
@ExtendWith(OutputCaptureExtension.class)
class ListenIntegrationTests {

    private final ApplicationContextRunner runner =
            BusRunner.onNewDatabase().withBean(Inbox.class).withBean(Shop.class);

    record Price(String item, int cents) {}

    static class Shop {
        private final ChannelSender sender;

        Shop(ChannelSender sender) {
            this.sender = sender;
        }

        @Transactional
        public void change(Price price, boolean fail) {
            sender.sendJson("prices", price);
            if (fail) {
                throw new IllegalStateException("rolled back");
            }
        }
    }

    record Texts(Inbox inbox) {
        @PgListen("prices")
        void on(String text) {
            inbox.add(text);
        }
    }

    record Prices(Inbox inbox) {
        @PgListen("prices")
        void on(Notification notification, Price price) {
            if (price.cents() < 0) {
                throw new IllegalArgumentException("negative");
            }
            inbox.add(List.of(notification.channel(), price, notification.backendPid() > 0));
        }
    }

    record Several(Inbox inbox) {
        @PgListen({"${shop.channel:Shop.Prices}", "say \"hi\""})
        void on(Notification notification) {
            inbox.add(notification.channel() + ": " + notification.payload());
        }
    }

    record Threads(Inbox inbox) {
        @PgListen("prices")
        void on() {
            inbox.add(Thread.currentThread().toString());
        }
    }

    static class Cache {
        private final Inbox inbox;

        Cache(Inbox inbox) {
            this.inbox = inbox;
        }

        @PgListen(value = "prices", onGap = "clear")
        @Transactional
        public void evict() {
            inbox.add("evict");
        }

        @Transactional
        public void clear() {
            inbox.add("clear");
        }
    }

    private static void notify(ApplicationContext context, String channel, String payload) {
        context.getBean(JdbcTemplate.class).query("SELECT pg_notify(?, ?)", row -> {}, channel, payload);
    }

    @Test
    void aMethodHearsWhatATransactionSendsAtItsCommit() {
        runner.withBean(Texts.class).run(context -> {
            Shop shop = context.getBean(Shop.class);
            assertThatExceptionOfType(IllegalStateException.class)
                    .isThrownBy(() -> shop.change(new Price("lost", 1), true));
            shop.change(new Price("book", 1200), false);
            assertThat(context.getBean(Inbox.class).next().toString())
                    .startsWith("{")
                    .contains("\"item\":\"book\"", "\"cents\":1200");
            context.getBean(Inbox.class).assertEmpty();
        });
    }

    @Test
    void aMethodGetsTheTypeItTakesAndSurvivesWhatDoesNotFit(CapturedOutput output) {
        runner.withBean(Prices.class).run(context -> {
            notify(context, "prices", "no JSON");
            notify(context, "prices", "");
            notify(context, "prices", "{\"item\": \"hat\", \"cents\": -1}");
            notify(context, "prices", "{\"item\": \"book\", \"cents\": 1200, \"new\": true}");
            assertThat(context.getBean(Inbox.class).next()).isEqualTo(List.of("prices", new Price("book", 1200), true));
            context.getBean(Inbox.class).assertEmpty();
            assertThat(output)
                    .contains("Prices.on(Notification, Price) of the bean")
                    .contains("has failed for the channel \"prices\"")
                    .contains("PayloadConversionException")
                    .contains("IllegalArgumentException: negative");
        });
    }

    @Test
    void aMethodListensToSeveralChannelsByTheirExactNames() {
        runner.withBean(Several.class).run(context -> {
            Inbox inbox = context.getBean(Inbox.class);
            notify(context, "shop.prices", "another channel");
            notify(context, "Shop.Prices", "1");
            notify(context, "say \"hi\"", "2");
            assertThat(inbox.next()).isEqualTo("Shop.Prices: 1");
            assertThat(inbox.next()).isEqualTo("say \"hi\": 2");
            inbox.assertEmpty();
        });
    }

    @Test
    void aPlaceholderNamesTheChannel() {
        runner.withBean(Several.class).withPropertyValues("shop.channel=prices").run(context -> {
            notify(context, "prices", "1");
            assertThat(context.getBean(Inbox.class).next()).isEqualTo("prices: 1");
        });
    }

    @Test
    void aProxiedBeanIsToldOfTheGapAfterALostConnection() {
        runner.withBean(Cache.class).run(context -> {
            Inbox inbox = context.getBean(Inbox.class);
            notify(context, "prices", "1");
            assertThat(inbox.next()).isEqualTo("evict");
            assertThat(context.getBean(JdbcTemplate.class)
                            .queryForList("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                                    + " WHERE application_name LIKE 'pg-events application@%'"
                                    + " AND datname = current_database()"))
                    .as("the listening connection, as an operator finds it")
                    .hasSize(1);
            assertThat(inbox.next()).isEqualTo("clear");
            notify(context, "prices", "2");
            assertThat(inbox.next()).isEqualTo("evict");
        });
    }

    @Test
    void aListenerIsAddedAndRemovedWhileTheApplicationRuns() {
        runner.run(context -> {
            Inbox inbox = context.getBean(Inbox.class);
            Channels channels = context.getBean(Channels.class);
            try (Channels.Registration registration =
                    channels.listen("prices", notification -> inbox.add(notification.payload()))) {
                assertThat(registration.awaitListening(Duration.ofSeconds(30))).isTrue();
                notify(context, "prices", "1");
                assertThat(inbox.next()).isEqualTo("1");
            }
            assertThat(channels.status().listeners()).isZero();
            assertThat(channels.status().connectedSince()).isNotNull();
        });
    }

    @Test
    void worksWithASocketTimeoutAndLazyBeans() {
        BusRunner.on(TestPostgres.newDatabaseUrl() + "?socketTimeout=2")
                .withBean(Inbox.class)
                .withBean(Texts.class)
                .withInitializer(context ->
                        context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
                .run(context -> {
                    Channels channels = context.getBean(Channels.class);
                    await().pollDelay(Duration.ofSeconds(4))
                            .until(() -> channels.status().connectedSince() != null);
                    notify(context, "prices", "1");
                    assertThat(context.getBean(Inbox.class).next()).isEqualTo("1");
                    assertThat(channels.status().reconnects()).isZero();
                });
    }

    /** On a JVM without virtual threads the property changes nothing. */
    @Test
    void aMethodRunsOnAThreadForHandlersAlsoIfTheyAreVirtual() {
        runner.withBean(Threads.class)
                .withPropertyValues("spring.threads.virtual.enabled=true")
                .run(context -> {
                    notify(context, "prices", "1");
                    assertThat(context.getBean(Inbox.class).next().toString())
                            .contains("pg-events-handler-")
                            .contains(Runtime.version().feature() >= 21 ? "VirtualThread" : "Thread");
                });
    }

    @Test
    void aMethodWithoutTheListeningConnectionKeepsTheApplicationFromStarting() {
        runner.withBean(Texts.class)
                .withPropertyValues("pg-events.listen.enabled=false")
                .run(context -> assertThat(Failures.cause(context.getStartupFailure(), PgEventsStartException.class)
                                .description())
                        .contains("Texts.on(String)")
                        .contains("pg-events.listen.enabled is false"));
    }
}
