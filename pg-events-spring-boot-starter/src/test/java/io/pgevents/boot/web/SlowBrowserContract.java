package io.pgevents.boot.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pgevents.relay.InMemoryFeed;
import io.pgevents.relay.Relay;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;

/** Browsers that do not read cost their queue, and nobody else anything. */
abstract class SlowBrowserContract {

    private static final int READING = 450;
    private static final int SILENT = 50;
    private static final int EVENTS = 200;
    private static final int MOST_EVENTS = 10_000;
    private static final Duration WAIT = Duration.ofSeconds(60);
    private static final long MOST_BYTES = 16 << 20;
    private static final String PAYLOAD = "x".repeat(2500);

    private final Class<?> server;
    private final List<AutoCloseable> open = new ArrayList<>();
    private ServletWebServerApplicationContext application;
    private InMemoryFeed feed;
    private Relay relay;
    private String url;

    SlowBrowserContract(Class<?> server) {
        this.server = server;
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
        application.close();
    }

    private void start(String... properties) {
        application = RelayApplication.start(server, properties);
        feed = application.getBean(InMemoryFeed.class);
        relay = application.getBean(Relay.class);
        url = "http://localhost:" + application.getWebServer().getPort() + "/pg-events/stream/";
    }

    @Test
    void theOthersGetEverythingBesideATenthThatNeverReads() throws Exception {
        start("pg-events.relay.max-queued-bytes=" + MOST_BYTES, "pg-events.relay.write-timeout=3s");
        List<CountingBrowser> reading = new ArrayList<>();
        for (int i = 0; i < READING; i++) {
            reading.add(new CountingBrowser(url + "orders"));
        }
        open.addAll(reading);
        for (int i = 0; i < SILENT; i++) {
            silent("/pg-events/stream/orders");
        }
        await().atMost(WAIT).until(() -> relay.statistics().clients() == READING + SILENT);
        long most = 0;
        // Until the buffers of all silent connections have been full for the write timeout.
        for (int i = 1; i <= EVENTS || (i <= MOST_EVENTS && relay.statistics().clients() > READING); i++) {
            feed.append("order.paid", null, "{\"n\":" + i + ",\"text\":\"" + PAYLOAD + "\"}");
            most = Math.max(most, relay.statistics().queuedBytes());
            if (i % 10 == 0) {
                // As many at once as the share of each client in the memory for all.
                int sent = i;
                await().atMost(WAIT)
                        .pollInterval(Duration.ofMillis(2))
                        .until(() -> reading.stream().allMatch(each -> each.events() == sent));
            }
        }
        assertThat(most).isPositive().isLessThanOrEqualTo(MOST_BYTES);
        assertThat(reading).allMatch(each -> each.gaps() == 0);
        assertThat(relay.statistics().dropped()).isPositive();
        assertThat(relay.statistics().clients())
                .as("those who do not read are cut off")
                .isEqualTo(READING);
        await("those who read have everything")
                .atMost(WAIT)
                .until(() -> relay.statistics().queuedBytes() == 0);
        await("no thread is left in a write")
                .atMost(WAIT)
                .until(() -> writingThreads().isEmpty());
    }

    @Test
    void aStoppedBrowserIsToldOfTheGapWhenItGoesOn() throws Exception {
        start();
        SilentBrowser stopped = silent("/pg-events/stream/orders");
        await().until(() -> relay.statistics().clients() == 1);
        for (int i = 0; relay.statistics().dropped() == 0; i++) {
            assertThat(i).as("what fits into the buffers is bounded").isLessThan(1_000_000);
            feed.append("order.paid", null, "{\"n\":" + i + ",\"text\":\"" + PAYLOAD + "\"}");
        }
        feed.append("order.last", null, "{}");
        List<String> lines = stopped.readUntil("event: order.last");
        assertThat(lines).containsOnlyOnce("event: gap").contains("event: order.paid", "event: order.last");
    }

    @Test
    void aStoppedBrowserThatMustNotMissAnythingIsDisconnectedAndResumes() throws Exception {
        start();
        SilentBrowser stopped = silent("/pg-events/stream/exact");
        await().until(() -> relay.statistics().clients() == 1);
        int events = 2000;
        // More than the queue and the buffers of the connection hold together: these are some megabytes.
        String payload = PAYLOAD.repeat(4);
        for (int i = 0; i < events; i++) {
            feed.append("exact", null, "{\"n\":" + i + ",\"text\":\"" + payload + "\"}");
        }
        List<String> got = ids(stopped.readUntil("the end"));
        assertThat(got).hasSizeLessThan(events);
        while (got.size() < events) {
            SseBrowser back = new SseBrowser(url + "exact", "Last-Event-ID", got.get(got.size() - 1));
            open.add(back);
            int missing = events - got.size();
            await().atMost(WAIT)
                    .until(() -> back.hasEnded() || back.values("data").size() == missing);
            got.addAll(ids(back.lines()));
        }
        assertThat(got)
                .isEqualTo(IntStream.rangeClosed(1, events)
                        .mapToObj(Integer::toString)
                        .toList());
    }

    /** The ids of events: each is followed by the type. */
    private static List<String> ids(List<String> lines) {
        return IntStream.range(0, lines.size() - 1)
                .filter(i -> lines.get(i).startsWith("id: ") && lines.get(i + 1).startsWith("event: exact"))
                .mapToObj(i -> lines.get(i).substring(4))
                .collect(Collectors.toCollection(ArrayList::new));
    }

    private SilentBrowser silent(String path) throws Exception {
        SilentBrowser browser = new SilentBrowser(application.getWebServer().getPort(), path);
        open.add(browser);
        return browser;
    }

    private static Set<String> writingThreads() {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(each -> java.util.Arrays.stream(each.getValue())
                        .anyMatch(frame -> frame.getMethodName().matches("writeBlocking|doWrite|flushBlocking")))
                .map(each -> each.getKey().getName())
                .collect(Collectors.toSet());
    }
}
