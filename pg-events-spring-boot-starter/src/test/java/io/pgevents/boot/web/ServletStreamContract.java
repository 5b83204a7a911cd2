package io.pgevents.boot.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pgevents.relay.InMemoryFeed;
import io.pgevents.relay.Relay;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;

/** What browsers get from a Spring MVC application, whatever web server it runs on. */
abstract class ServletStreamContract {

    private final ServletWebServerApplicationContext application;
    private final InMemoryFeed feed;
    private final Relay relay;
    private final String url;
    private final List<SseBrowser> browsers = new ArrayList<>();

    ServletStreamContract(Class<?> server) {
        application = RelayApplication.start(server, "pg-events.relay.max-clients=3");
        feed = application.getBean(InMemoryFeed.class);
        relay = application.getBean(Relay.class);
        url = "http://localhost:" + application.getWebServer().getPort();
    }

    @AfterEach
    void stop() {
        browsers.forEach(SseBrowser::close);
        application.close();
    }

    @Test
    void streamsEventsWithTheirIds() throws Exception {
        SseBrowser browser = open("/pg-events/stream/orders");
        feed.append("order.paid", null, "{\"a\":1,\n\"b\":2}");
        feed.append("order.sent", null, "{\"c\":3}");
        await().until(() -> browser.values("data").size() == 3);
        assertThat(browser.values("event")).containsExactly("order.paid", "order.sent");
        assertThat(browser.values("data")).containsExactly("{\"a\":1,", "\"b\":2}", "{\"c\":3}");
        assertThat(browser.values("id")).contains("0", "1", "2");
        assertThat(browser.values("retry")).hasSize(1);
    }

    @Test
    void tellsEverybodyBetweenNotToKeepIt() throws Exception {
        HttpResponse<?> response = java.net.http.HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(java.net.URI.create(url + "/pg-events/stream/orders"))
                                .build(),
                        HttpResponse.BodyHandlers.ofInputStream());
        assertThat(response.headers().map())
                .containsEntry("cache-control", List.of("no-cache, no-transform"))
                .containsEntry("x-accel-buffering", List.of("no"));
        assertThat(response.headers().firstValue("content-type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/event-stream"));
        ((java.io.InputStream) response.body()).close();
    }

    @Test
    void resumesWhereTheBrowserWas() {
        feed.append("order.paid", null, "1");
        feed.append("order.paid", null, "2");
        SseBrowser browser = open("/pg-events/stream/orders", "Last-Event-ID", "1");
        SseBrowser page = open("/pg-events/stream/orders?since=0");
        feed.append("order.paid", null, "3");
        await().until(() ->
                browser.values("data").size() == 2 && page.values("data").size() == 3);
        assertThat(browser.values("data")).containsExactly("2", "3");
        assertThat(page.values("data")).containsExactly("1", "2", "3");
    }

    @Test
    void tellsOfAGapWhenTheBrowserWasAwayTooLong() {
        feed.append("order.paid", null, "1");
        feed.append("order.paid", null, "2");
        feed.prune();
        SseBrowser browser = open("/pg-events/stream/orders", "Last-Event-ID", "1");
        await().until(() -> browser.lines().contains("event: gap"));
        assertThat(browser.lines().get(browser.lines().indexOf("event: gap") - 1))
                .as("it comes back from here")
                .isEqualTo("id: 2");
    }

    @Test
    void narrowsAndFilters() {
        SseBrowser browser = open("/pg-events/stream/orders?topic=order.paid&filter=status:a&filter=status:b:c");
        feed.append("order.sent", null, "{\"status\":\"a\",\"n\":1}");
        feed.append("order.paid", null, "{\"status\":\"x\",\"n\":2}");
        feed.append("order.paid", null, "{\"status\":\"b:c\",\"n\":3}");
        feed.append("order.paid", "secret", "{\"status\":\"a\",\"n\":4}");
        feed.append("order.paid", "fail", "{\"status\":\"a\",\"n\":5}");
        feed.append("order.paid", null, "{\"status\":\"a\",\"n\":6}");
        await().until(() -> browser.values("data").size() == 2);
        assertThat(browser.values("data"))
                .containsExactly("{\"status\":\"b:c\",\"n\":3}", "{\"status\":\"a\",\"n\":6}");
    }

    @Test
    void refusesWhatIsNotDeclaredOrNotAllowed() throws Exception {
        assertThat(status("/pg-events/stream/others")).isEqualTo(404);
        assertThat(status("/pg-events/stream/orders?topic=invoice")).isEqualTo(400);
        assertThat(status("/pg-events/stream/orders?topic=%23")).isEqualTo(400);
        assertThat(status("/pg-events/stream/orders?filter=customer:1")).isEqualTo(400);
        assertThat(status("/pg-events/stream/orders?filter=status")).isEqualTo(400);
        assertThat(status("/pg-events/stream/orders?" + "topic=order.paid&".repeat(51)))
                .isEqualTo(400);
        assertThat(status("/pg-events/stream/orders", "answer", "no")).isEqualTo(403);
        assertThat(status("/pg-events/stream/orders", "answer", "throw")).isEqualTo(403);
        assertThat(SseBrowser.ask(
                                url + "/pg-events/stream/orders",
                                request -> request.POST(HttpRequest.BodyPublishers.noBody()))
                        .statusCode())
                .isEqualTo(405);
        assertThat(relay.statistics().clients()).isZero();
    }

    @Test
    void refusesMoreClientsThanItsLimitAndFreesThoseThatLeave() throws Exception {
        open("/pg-events/stream/orders");
        open("/pg-events/stream/orders");
        SseBrowser last = open("/pg-events/stream/orders");
        HttpResponse<String> refused = SseBrowser.ask(url + "/pg-events/stream/orders", request -> {});
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.headers().firstValueAsLong("Retry-After").orElseThrow())
                .isBetween(1L, 10L);
        comesBack(ask("/pg-events/stream/orders"));
        comesBack(ask("/profile/ada/stream"));
        last.close();
        await("the heartbeat finds out").until(() -> relay.statistics().clients() == 2);
        open("/pg-events/stream/orders");
    }

    @Test
    void hasBrowsersComeBackWhileItIsNotRunning() throws Exception {
        relay.stop();
        comesBack(ask("/pg-events/stream/orders"));
        comesBack(ask("/profile/ada/stream"));
        assertThat(status("/pg-events/stream/orders")).isEqualTo(503);
        assertThat(status("/pg-events/stream/others", "Accept", "text/event-stream"))
                .isEqualTo(404);
        relay.start();
        open("/profile/ada/stream");
    }

    @Test
    void hasBrowsersComeBackWhileTheDatabaseFails() throws Exception {
        feed.beforeReading(() -> {
            throw new IllegalStateException("on purpose");
        });
        comesBack(ask("/pg-events/stream/orders"));
        comesBack(ask("/pg-events/stream/orders", "Last-Event-ID", "1"));
        comesBack(ask("/profile/ada/stream"));
        assertThat(status("/profile/ada/stream")).isEqualTo(503);
        feed.beforeReading(() -> {});
        comesBack(ask("/pg-events/stream/orders", "answer", "database"));
        open("/pg-events/stream/orders");
        assertThat(relay.statistics().clients()).isEqualTo(1);
    }

    @Test
    void answersHeadWithoutAStream() throws Exception {
        for (String path : List.of("/profile/ada/stream", "/any/stream", "/pg-events/stream/orders")) {
            HttpResponse<String> head =
                    SseBrowser.ask(url + path, request -> request.method("HEAD", HttpRequest.BodyPublishers.noBody()));
            assertThat(head.statusCode()).isEqualTo(200);
            assertThat(head.headers().firstValue("content-type").orElseThrow()).startsWith("text/event-stream");
            assertThat(head.headers().firstValue("cache-control")).contains("no-cache, no-transform");
        }
        assertThat(relay.statistics().clients()).isZero();
        assertThat(feed.registrations()).isZero();
    }

    @Test
    void servesNoOtherMethods() throws Exception {
        for (String method : List.of("POST", "PUT", "DELETE")) {
            HttpResponse<String> refused = SseBrowser.ask(
                    url + "/any/stream",
                    request -> request.method(method, HttpRequest.BodyPublishers.noBody())
                            .header("Accept", "text/event-stream"));
            assertThat(refused.statusCode()).isEqualTo(405);
            assertThat(refused.headers().firstValue("Allow").orElseThrow()).contains("GET", "HEAD");
        }
        assertThat(relay.statistics().clients()).isZero();
    }

    @Test
    void sendsHeartbeats() {
        SseBrowser browser = open("/pg-events/stream/orders");
        await().until(() -> browser.count(":") > 2);
        feed.append("profile", null, "{}");
        feed.append("order.hidden", "secret", "{}");
        await("a newer cursor for an idle client")
                .until(() -> browser.values("id").contains("2"));
        assertThat(browser.values("data")).isEmpty();
    }

    @Test
    void servesAStreamOfTheApplicationWithASnapshot() {
        SseBrowser browser = open("/profile/ada/stream");
        await().until(() -> browser.values("data").size() == 1);
        feed.append("profile", "bob", "{\"likes\":5}");
        feed.append("profile", "ada", "{\"likes\":2}");
        await().until(() -> browser.values("data").size() == 2);
        assertThat(browser.values("event")).containsOnly("counters");
        assertThat(browser.values("data").get(0)).contains("\"likes\":1", "ada");
        assertThat(browser.values("data").get(1)).isEqualTo("{\"likes\":2}");
    }

    @Test
    void saysFarewellWhenTheApplicationStops() {
        SseBrowser browser = open("/pg-events/stream/orders");
        feed.append("order.paid", null, "1");
        await().until(() -> browser.values("data").size() == 1);
        application.close();
        await().until(browser::hasEnded);
        assertThat(browser.values("event")).containsExactly("order.paid", "shutdown");
        assertThat(feed.registrations()).isZero();
        assertThat(relay.statistics())
                .extracting(Relay.Statistics::clients, Relay.Statistics::queuedBytes)
                .containsExactly(0, 0L);
    }

    private SseBrowser open(String path, String... headers) {
        SseBrowser browser = new SseBrowser(url + path, headers);
        browsers.add(browser);
        await().until(browser::isOpen);
        return browser;
    }

    /** As an {@code EventSource} asks, for an answer that ends. */
    private HttpResponse<String> ask(String path, String... headers) throws Exception {
        return SseBrowser.ask(url + path, request -> {
            request.header("Accept", "text/event-stream");
            if (headers.length > 0) {
                request.headers(headers);
            }
        });
    }

    private static void comesBack(HttpResponse<String> response) {
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type").orElseThrow()).startsWith("text/event-stream");
        assertThat(response.headers().firstValue("cache-control")).contains("no-cache, no-transform");
        assertThat(response.body()).matches("retry: \\d{4}\n\n");
    }

    private int status(String path, String... headers) throws Exception {
        return SseBrowser.ask(url + path, request -> {
                    if (headers.length > 0) {
                        request.headers(headers);
                    }
                })
                .statusCode();
    }
}
