package io.pgevents.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pgevents.OutgoingEvent;
import io.pgevents.channel.Channels.Registration;
import io.pgevents.subscription.SubscriptionSettings;
import io.pgevents.support.LogCapture;
import io.pgevents.support.PgBouncer;
import io.pgevents.support.TestBus;
import io.pgevents.support.TestPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** A bus whose every connection goes through a transaction pooler. Skipped where PgBouncer is not installed. */
@Timeout(60)
@ExtendWith(LogCapture.class)
class HubBehindPoolerIntegrationTests {

    private final String url = TestPostgres.newDatabaseUrl();
    private final JdbcTemplate direct = new JdbcTemplate(new DriverManagerDataSource(url, "postgres", "postgres"));
    private final Queue<String> handled = new ConcurrentLinkedQueue<>();
    private PgBouncer pooler;
    private TestBus bus;

    @BeforeEach
    void start() throws IOException {
        assumeTrue(PgBouncer.binary().isPresent(), "PgBouncer is not installed (Debian: apt-get install pgbouncer)");
        Path binary = PgBouncer.binary().orElseThrow();
        pooler = new PgBouncer(binary, url);
        bus = new TestBus(pooler.url());
        bus.subscribe("s", "t", SubscriptionSettings.DEFAULT, event -> {
            handled.add(event.payload());
            return List.of();
        });
    }

    @AfterEach
    void stop() throws IOException {
        if (pooler != null) {
            bus.close();
            pooler.close();
        }
    }

    private List<String> locks() {
        return direct.queryForList(
                "SELECT classid::regclass || ' ' || mode FROM pg_locks WHERE locktype = 'advisory'"
                        + " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
                String.class);
    }

    @Test
    void takesNoLocksThatStayInTheSessionsOfOthersAndPolls() {
        bus.start();
        for (int i = 1; i <= 3; i++) {
            String payload = String.valueOf(i);
            bus.publisher().publish(OutgoingEvent.of("t", i));
            await().until(() -> handled.contains(payload));
            assertThat(locks()).isEmpty();
        }
        assertThat(handled).containsExactly("1", "2", "3");
        bus.stop();
        assertThat(locks()).isEmpty();
        assertThat(warnings()).singleElement().asString().contains("Set pg-events.listen.url to the direct address");
    }

    @Test
    void doesNotSayThatItProvesToBeAlive() {
        bus.start();
        assertThat(direct.queryForObject("SELECT listens FROM event_node", Boolean.class))
                .isFalse();
    }

    @Test
    void doesNotSayThatItListensAndStartsWithoutWaitingForIt() throws InterruptedException {
        Registration registration = bus.channels().listen("prices", new Heard());
        bus.start();
        assertThat(warnings()).hasSize(1);
        assertThat(registration.isListening()).isFalse();
        assertThat(registration.awaitListening(Duration.ofMillis(100))).isFalse();
        assertThat(bus.channels().status().connectedSince()).isNull();
    }

    private static List<String> warnings() {
        return LogCapture.warnings().stream()
                .filter(each -> each.contains("goes through a connection pooler"))
                .toList();
    }
}
