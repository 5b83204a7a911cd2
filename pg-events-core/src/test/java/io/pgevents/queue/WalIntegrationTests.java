package io.pgevents.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pgevents.OutgoingEvent;
import io.pgevents.maintenance.Retention;
import io.pgevents.subscription.SubscriptionSettings;
import io.pgevents.subscription.SubscriptionSettings.Mode;
import io.pgevents.support.Recorder;
import io.pgevents.support.TestBus;
import io.pgevents.support.TestSettings;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an event with a payload of 200 bytes writes to the log of the server, from its publish to its end. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WalIntegrationTests {

    private static final Logger log = LoggerFactory.getLogger(WalIntegrationTests.class);
    private static final int EVENTS = 5_000;

    private EmbeddedPostgres server;

    /** A server of its own: nothing else writes, and no page is written whole. */
    @BeforeAll
    void start() throws Exception {
        server = EmbeddedPostgres.builder()
                .setServerConfig("full_page_writes", "off")
                .setServerConfig("autovacuum", "off")
                .setServerConfig("fsync", "off")
                .start();
    }

    @AfterAll
    void stop() throws Exception {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({
        "TRANSACTIONAL, PT0S, 1, 700",
        "TRANSACTIONAL, PT0S, 100, 700",
        "TRANSACTIONAL, PT1H, 1, 1300",
        "TRANSACTIONAL, PT1H, 100, 1300",
        "LEASED, PT0S, 1, 1450",
        "LEASED, PT0S, 100, 1450",
        "LEASED, PT1H, 1, 2000",
        "LEASED, PT1H, 100, 2000"
    })
    void staysWithinItsBudget(Mode mode, Duration retention, int batch, int budget) throws Exception {
        String database = "wal_" + mode.name().toLowerCase(Locale.ROOT) + "_" + batch + "_" + retention.toHours();
        SubscriptionSettings settings = mode == Mode.LEASED ? TestSettings.leased() : TestSettings.QUICK;
        try (var connection = server.getPostgresDatabase().getConnection()) {
            connection.createStatement().execute("CREATE DATABASE " + database);
        }
        try (TestBus bus = new TestBus(server.getJdbcUrl("postgres", database))) {
            bus.settings(each -> TestSettings.retention(each, new Retention(retention, null)))
                    .subscribe("s", "a", settings, new Recorder())
                    .start();
            bus.stop();
            long begun = position(bus);
            publish(bus, batch);
            long published = position(bus);
            bus.start();
            await().atMost(Duration.ofSeconds(30)).until(() -> bus.count("pending") + bus.count("processing") == 0);
            long finished = position(bus);
            log.info(
                    "WAL per event, {}, batches of {}, retention {}: {} bytes published, {} consumed, {} in all",
                    mode,
                    batch,
                    retention,
                    (published - begun) / EVENTS,
                    (finished - published) / EVENTS,
                    (finished - begun) / EVENTS);
            assertThat((finished - begun) / EVENTS).isBetween(300L, (long) budget);
        }
    }

    private static void publish(TestBus bus, int batch) {
        for (int i = 0; i < EVENTS; i += batch) {
            List<OutgoingEvent> events = new ArrayList<>();
            for (int n = i; n < i + batch; n++) {
                events.add(OutgoingEvent.ofJson(
                        "a", "{\"number\": %d, \"text\": \"%s\"}".formatted(1_000 + n, "x".repeat(172))));
            }
            bus.publisher().publishAll(events);
        }
    }

    private static long position(TestBus bus) {
        return bus.jdbc().queryForObject("SELECT pg_current_wal_insert_lsn() - '0/0'", Long.class);
    }
}
