package io.pgevents.boot.support;

import io.pgevents.EventPublisher;
import io.pgevents.PgEvent;
import io.pgevents.PgSubscribe;
import io.pgevents.codec.EventCodec;
import io.pgevents.support.TestPostgres;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * A small application that runs on every version of Spring Boot the starter supports, also on those it is not compiled
 * against. Ends with an exception if one of the doors to the bus is closed.
 */
public final class SmokeApplication {

    private SmokeApplication() {}

    /** An event with a date, which Jackson 2 can only write with its module. */
    @PgEvent("smoke.typed")
    public record Typed(String text, Instant at) {}

    /** Remembers what arrives. */
    public static class Handler {
        private final BlockingQueue<String> received = new LinkedBlockingQueue<>();

        /** Receives what is published through Java. */
        @PgSubscribe(topic = "smoke.typed", subscription = "typed")
        public void on(Typed typed) {
            received.add(typed.text());
        }

        /** Receives what is inserted by SQL. */
        @PgSubscribe(topic = "smoke.sql", subscription = "sql")
        public void on(String text) {
            received.add(text);
        }

        void await(String text) throws InterruptedException {
            String next = received.poll(20, TimeUnit.SECONDS);
            if (!text.equals(next)) {
                throw new IllegalStateException("expected " + text + ", got " + next);
            }
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {
        @Bean
        Handler handler() {
            return new Handler();
        }
    }

    /** Publishes through each door and waits for each event. */
    public static void main(String[] arguments) throws InterruptedException {
        try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .properties(
                        "spring.datasource.url=" + TestPostgres.newDatabaseUrl(),
                        "spring.datasource.username=postgres",
                        "spring.datasource.password=postgres",
                        "pg-events.subscriptions.typed.concurrency=2")
                .run(arguments)) {
            Handler handler = context.getBean(Handler.class);
            context.getBean(EventPublisher.class).publish(new Typed("publisher", Instant.now()));
            handler.await("publisher");
            context.publishEvent(new Typed("application event", Instant.now()));
            handler.await("application event");
            context.getBean(JdbcTemplate.class)
                    .update("INSERT INTO event_queue (topic, payload) VALUES ('smoke.sql', '\"insert\"')");
            handler.await("insert");
            System.out.println("Smoke test passed on Spring Boot " + SpringBootVersion.getVersion() + ", Java "
                    + Runtime.version().feature() + ", codec " + context.getBean(EventCodec.class));
        }
    }
}
