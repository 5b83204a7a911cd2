package io.pgevents.boot.web;

import static java.net.http.HttpRequest.BodyPublishers.noBody;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pgevents.codec.EventCodec;
import io.pgevents.codec.Jackson2EventCodec;
import io.pgevents.relay.InMemoryFeed;
import io.pgevents.relay.Relay;
import io.pgevents.relay.RelayAuthorizer;
import io.pgevents.relay.RelayStream;
import io.pgevents.relay.RelaySubscription;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.context.PropertyPlaceholderAutoConfiguration;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.boot.web.context.reactive.AnnotationConfigReactiveWebApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.server.reactive.ReactorHttpHandlerAdapter;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.reactive.config.EnableWebFlux;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.adapter.WebHttpHandlerBuilder;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/** What browsers get from a WebFlux application on Netty. */
class WebFluxStreamTests {

    private final AnnotationConfigReactiveWebApplicationContext application =
            new AnnotationConfigReactiveWebApplicationContext();
    private final DisposableServer server;
    private final InMemoryFeed feed;
    private final Relay relay;
    private final String url;
    private final String own;

    WebFluxStreamTests() {
        TestPropertyValues.of("pg-events.relay.heartbeat=200ms", "pg-events.relay.max-clients=2")
                .applyTo(application);
        application.register(Application.class);
        application.refresh();
        feed = application.getBean(InMemoryFeed.class);
        relay = application.getBean(Relay.class);
        server = HttpServer.create()
                .port(0)
                .handle(new ReactorHttpHandlerAdapter(
                        WebHttpHandlerBuilder.applicationContext(application).build()))
                .bindNow();
        String root = "http://localhost:" + server.port();
        url = root + "/pg-events/stream/orders";
        own = root + "/own/stream";
    }

    @AfterEach
    void stop() {
        application.close();
        server.disposeNow();
    }

    @Test
    void streamsResumesAndFilters() {
        feed.append("order.paid", null, "{\"status\":\"a\",\"n\":1}");
        try (SseBrowser browser = new SseBrowser(url + "?filter=status:a", "Last-Event-ID", "0")) {
            await().until(browser::isOpen);
            feed.append("order.paid", null, "{\"status\":\"b\",\"n\":2}");
            feed.append("order.sent", null, "{\"status\":\"a\",\"n\":3}");
            await().until(() -> browser.values("data").size() == 2);
            assertThat(browser.values("event")).containsExactly("order.paid", "order.sent");
            await("heartbeats").until(() -> browser.count(":") > 1);
        }
        await("a client that left is freed").until(() -> relay.statistics().clients() == 0);
    }

    @Test
    void refusesWhatIsNotAllowedAndWhatIsTooMuch() throws Exception {
        assertThat(ask(url.replace("orders", "others")).statusCode()).isEqualTo(404);
        assertThat(ask(url + "?topic=invoice").statusCode()).isEqualTo(400);
        assertThat(ask(url + "?topic=order.private").statusCode()).isEqualTo(403);
        try (SseBrowser first = new SseBrowser(url);
                SseBrowser second = new SseBrowser(url)) {
            await().until(() -> first.isOpen() && second.isOpen());
            HttpResponse<String> refused = ask(url);
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("Retry-After")).isPresent();
            comesBack(url);
            comesBack(own);
        }
    }

    @Test
    void hasBrowsersComeBackWhileItIsNotRunningOrTheDatabaseFails() throws Exception {
        relay.stop();
        comesBack(url);
        comesBack(own);
        assertThat(ask(own).statusCode()).isEqualTo(503);
        relay.start();
        feed.beforeReading(() -> {
            throw new IllegalStateException("on purpose");
        });
        comesBack(url);
        comesBack(own);
        assertThat(ask(url).statusCode()).isEqualTo(503);
    }

    @Test
    void answersHeadWithoutAStreamAndNoOtherMethods() throws Exception {
        for (String each : List.of(url, own)) {
            HttpResponse<String> head = SseBrowser.ask(each, request -> request.method("HEAD", noBody()));
            assertThat(head.statusCode()).isEqualTo(200);
            assertThat(head.headers().firstValue("content-type").orElseThrow()).startsWith("text/event-stream");
            assertThat(SseBrowser.ask(each, request -> request.POST(noBody())).statusCode())
                    .isEqualTo(405);
        }
        assertThat(relay.statistics().clients()).isZero();
        assertThat(feed.registrations()).isZero();
    }

    @Test
    void asksForNoMoreThanTheBrowserReads() throws Exception {
        try (SilentBrowser silent = new SilentBrowser(server.port(), "/pg-events/stream/orders")) {
            await().until(() -> relay.statistics().clients() == 1);
            for (int i = 0; relay.statistics().dropped() == 0; i++) {
                assertThat(i).as("what fits into the buffers is bounded").isLessThan(1_000_000);
                feed.append("order.paid", null, "{\"n\":" + i + ",\"text\":\"" + "x".repeat(8000) + "\"}");
            }
            feed.append("order.last", null, "{}");
            List<String> lines = silent.readUntil("event: order.last");
            assertThat(lines).containsOnlyOnce("event: gap");
        }
    }

    @Test
    void freesAClientThatLeavesWhileItsStreamIsOpened() throws Exception {
        CountDownLatch opening = new CountDownLatch(1);
        feed.beforeReading(() -> {
            feed.beforeReading(() -> {});
            opening.countDown();
            awaitInterrupt();
        });
        SilentBrowser browser = new SilentBrowser(server.port(), "/pg-events/stream/orders");
        opening.await();
        assertThat(relay.statistics().clients()).isEqualTo(1);
        browser.close();
        await("a client that left is freed").until(() -> relay.statistics().clients() == 0);
        assertThat(feed.registrations()).isZero();
    }

    /** As a read of the database, which goes on although nobody waits for it any more. */
    private static void awaitInterrupt() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void saysFarewell() {
        SseBrowser browser = new SseBrowser(url);
        await().until(browser::isOpen);
        application.close();
        await().until(browser::hasEnded);
        assertThat(browser.values("event")).containsExactly("shutdown");
    }

    /** As an {@code EventSource} asks. */
    private static void comesBack(String url) throws Exception {
        HttpResponse<String> response = SseBrowser.ask(url, request -> request.header("Accept", "text/event-stream"));
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type").orElseThrow()).startsWith("text/event-stream");
        assertThat(response.headers().firstValue("cache-control")).contains("no-cache, no-transform");
        assertThat(response.body()).matches("retry: \\d{4}\n\n");
    }

    private static HttpResponse<String> ask(String url) throws Exception {
        return SseBrowser.ask(url, request -> {});
    }

    @Configuration(proxyBeanMethods = false)
    @EnableWebFlux
    @ImportAutoConfiguration({PropertyPlaceholderAutoConfiguration.class, RelayAutoConfiguration.class})
    static class Application {

        @Bean
        InMemoryFeed feed() {
            return new InMemoryFeed();
        }

        @Bean
        EventCodec codec() {
            return new Jackson2EventCodec();
        }

        @Bean
        RelayStream orders() {
            return RelayStream.of("orders", "order.#").withFields("status");
        }

        @Bean
        OwnStream ownStream(ReactiveSseRelay relay) {
            return new OwnStream(relay);
        }

        @Bean
        RelayAuthorizer authorizer() {
            return request ->
                    request.topics().stream().noneMatch(topic -> topic.text().equals("order.private"));
        }
    }

    /** As an application serves a stream at an address of its own, careless about the method. */
    @RestController
    static final class OwnStream {

        private final ReactiveSseRelay relay;

        OwnStream(ReactiveSseRelay relay) {
            this.relay = relay;
        }

        @RequestMapping("/own/stream")
        Mono<Void> stream(ServerWebExchange exchange) {
            return relay.open(exchange, RelaySubscription.to(RelayStream.of("own", "order.#")));
        }
    }
}
