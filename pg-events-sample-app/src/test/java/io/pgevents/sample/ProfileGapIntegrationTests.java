package io.pgevents.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pgevents.relay.Relay;
import io.pgevents.sample.browser.Browser;
import io.pgevents.sample.browser.BrowserWindow;
import io.pgevents.sample.browser.CuttableLine;
import java.io.IOException;
import java.time.Duration;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.boot.tomcat.TomcatConnectorCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The profile page on a line that is too slow. Skipped where there is no Chromium. */
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {"pg-events.embedded-postgres.data-directory=", "pg-events.relay.write-timeout=5m"})
@Timeout(180)
class ProfileGapIntegrationTests {

    /** Each is a change of its own. */
    private static final String THOUSAND_LIKES = """
            DO $$ BEGIN FOR i IN 1..1000 LOOP UPDATE profile SET likes = likes + 1 WHERE name = 'grace'; COMMIT; END LOOP; END $$
            """;

    private static final String COUNT_STREAMS = """
            window.streams = 0;
            window.EventSource = class extends EventSource { constructor(url) { super(url); window.streams += 1; } };
            """;

    private static final int MOST_ROUNDS = 30;

    private static Browser browser;

    private final JdbcClient jdbc;
    private final Relay relay;
    private final int port;

    /** A server that holds little of what a browser does not take. */
    @TestConfiguration(proxyBeanMethods = false)
    static class SmallBuffers {
        @Bean
        TomcatConnectorCustomizer smallBuffers() {
            return connector -> connector.setProperty("socket.txBufSize", "16384");
        }
    }

    ProfileGapIntegrationTests(@Autowired JdbcClient jdbc, @Autowired Relay relay, @LocalServerPort int port) {
        this.jdbc = jdbc;
        this.relay = relay;
        this.port = port;
    }

    @BeforeAll
    static void startBrowser() throws IOException {
        browser = Browser.start();
    }

    @AfterAll
    static void endBrowser() {
        if (browser != null) {
            browser.close();
        }
    }

    @Test
    void theWindowReadsAnewAfterAGap() throws IOException {
        try (CuttableLine line = new CuttableLine(port);
                BrowserWindow window = browser.open("http://localhost:" + line.port() + "/profile/grace")) {
            patiently().until(() -> window.text("#link-text").equals("Live"));
            window.run(COUNT_STREAMS);
            long before = likes();
            Relay.Statistics quiet = relay.statistics();

            line.stall();
            int rounds = 0;
            while (relay.statistics().dropped() == quiet.dropped() && rounds < MOST_ROUNDS) {
                jdbc.sql(THOUSAND_LIKES).update();
                rounds++;
            }
            patiently().until(() -> relay.statistics().dropped() > quiet.dropped());
            assertThat(relay.statistics().gaps()).as("nobody has been told yet").isEqualTo(quiet.gaps());
            line.resume();

            patiently().until(() -> window.run("window.streams").asInt() > 0);
            assertThat(relay.statistics().gaps()).isGreaterThan(quiet.gaps());
            assertThat(relay.statistics().disconnected()).isEqualTo(quiet.disconnected());
            long expected = before + 1_000L * rounds;
            patiently().untilAsserted(() -> assertThat(shown(window)).isEqualTo(expected));
            patiently().until(() -> window.text("#link-text").equals("Live"));
            jdbc.sql("UPDATE profile SET likes = likes + 1 WHERE name = 'grace'")
                    .update();
            patiently().untilAsserted(() -> assertThat(shown(window)).isEqualTo(expected + 1));
        }
    }

    private long likes() {
        return jdbc.sql("SELECT likes FROM profile WHERE name = 'grace'")
                .query(Long.class)
                .single();
    }

    private static long shown(BrowserWindow window) {
        return window.run("Number(document.querySelector('[data-counter=likes] data').value)")
                .asLong();
    }

    private static ConditionFactory patiently() {
        return await().atMost(Duration.ofSeconds(60));
    }
}
