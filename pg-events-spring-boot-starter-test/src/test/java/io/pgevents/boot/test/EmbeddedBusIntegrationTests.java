package io.pgevents.boot.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgevents.EventPublisher;
import io.pgevents.PgSubscribe;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** An application that has the two starters and nothing else: no property, no server. */
class EmbeddedBusIntegrationTests {

    static class Handler {
        private final BlockingQueue<String> received = new LinkedBlockingQueue<>();

        @PgSubscribe(topic = "greeting")
        void on(String text) {
            received.add(text);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(Handler.class)
    static class Application {}

    @Test
    void deliversEventsWithoutAnyConfiguration() throws InterruptedException {
        try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class).run()) {
            context.getBean(EventPublisher.class).publish("greeting", "hello");
            assertThat(context.getBean(Handler.class).received.poll(20, TimeUnit.SECONDS))
                    .isEqualTo("hello");
        }
    }

    @Test
    void stopsTheServerOfADirectoryAfterTheBus(@TempDir Path parent) {
        Path directory = parent.resolve("data");
        for (int start = 1; start <= 2; start++) {
            new SpringApplicationBuilder(Application.class)
                    .properties("pg-events.embedded-postgres.data-directory=" + directory)
                    .run()
                    .close();
            assertThat(directory.resolve("postmaster.pid")).doesNotExist();
        }
    }
}
