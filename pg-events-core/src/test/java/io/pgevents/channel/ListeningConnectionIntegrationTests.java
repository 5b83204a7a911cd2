package io.pgevents.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pgevents.jdbc.DedicatedConnections;
import io.pgevents.support.LogCapture;
import io.pgevents.support.TestBus;
import io.pgevents.support.TestPostgres;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.dao.DataAccessException;

/** The listening connection in a bad network, with a heartbeat that is quick. */
@Timeout(120)
@ExtendWith(LogCapture.class)
class ListeningConnectionIntegrationTests {

    private final HubFixture fixture = new HubFixture();
    private final Channels channels = fixture.channels;
    private final Heard heard = fixture.heard;

    @AfterEach
    void stop() {
        fixture.close();
    }

    private static void pass(Duration time) {
        await().pollDelay(time).atMost(time.plusSeconds(10)).until(() -> true);
    }

    @Test
    void isReplacedWhenItIsFrozen() throws Exception {
        String url = TestPostgres.newDatabaseUrl();
        try (FreezingProxy network = new FreezingProxy(url);
                TestBus bus = fixture.listening(url, TestPostgres.dedicated(network.url()), HubFixture.QUICK)) {
            network.freeze();
            HubFixture.send(bus, "lost");
            heard.await(Heard.GAP);
            assertThat(fixture.registration.isListening()).isTrue();
            HubFixture.send(bus, "2");
            heard.await("2");
            assertThat(heard.all()).containsExactly(Heard.GAP, "2");
            assertThat(channels.status().reconnects()).isEqualTo(1);
        }
    }

    @Test
    void isReplacedWhenItIsFrozenInTheMiddleOfAMessage() throws Exception {
        String url = TestPostgres.newDatabaseUrl();
        try (FreezingProxy network = new FreezingProxy(url);
                TestBus bus = fixture.listening(url, TestPostgres.dedicated(network.url()), HubFixture.QUICK)) {
            network.freezeAfter(3);
            HubFixture.send(bus, "lost");
            heard.await(Heard.GAP);
            HubFixture.send(bus, "2");
            heard.await("2");
            assertThat(heard.all()).containsExactly(Heard.GAP, "2");
            assertThat(LogCapture.warnings()).anyMatch(each -> each.contains("is stuck in a read"));
        }
    }

    @Test
    void staysWhenTheHeartbeatIsTheOnlyTraffic() {
        String url = TestPostgres.newDatabaseUrl();
        try (TestBus bus = fixture.listening(url, TestPostgres.dedicated(url), HubFixture.QUICK)) {
            pass(Duration.ofSeconds(4));
            HubFixture.send(bus, "1");
            heard.await("1");
            assertThat(heard.all()).containsExactly("1");
            assertThat(channels.status().reconnects()).isZero();
        }
    }

    @Test
    void survivesASocketTimeoutOfTheUrl() {
        String url = TestPostgres.newDatabaseUrl();
        DedicatedConnections connections = TestPostgres.dedicated(url + "?socketTimeout=2");
        try (TestBus bus = fixture.listening(url, connections, Heartbeat.Settings.DEFAULT)) {
            pass(Duration.ofSeconds(5));
            HubFixture.send(bus, "1");
            heard.await("1");
            assertThat(heard.all()).containsExactly("1");
            assertThat(channels.status().reconnects()).isZero();
        }
    }

    @Test
    void isMadeLaterIfTheServerIsNotThereYet() {
        String url = TestPostgres.newDatabaseUrl();
        CutOff cutOff = new CutOff(TestPostgres.dedicated(url));
        try (TestBus bus = new TestBus(url)) {
            WakeUpHub hub = fixture.start(cutOff, bus.schema(), new NobodySleeps(), HubFixture.QUICK);
            assertThat(hub.awaitListening(Duration.ofMillis(500))).isFalse();
            HubFixture.send(bus, "missed");
            cutOff.cut = false;
            assertThat(hub.awaitListening(Duration.ofSeconds(30))).isTrue();
            HubFixture.send(bus, "1");
            heard.await("1");
            assertThat(heard.all()).containsExactly(Heard.GAP, "1");
        }
    }

    @Test
    void isThereAgainAfterTheServerWasRestarted(@TempDir Path directory) throws IOException {
        Path data = directory.resolve("data");
        Files.createDirectory(data);
        EmbeddedPostgres server = server(data, 0);
        int port = server.getPort();
        String url = "jdbc:postgresql://localhost:" + port + "/postgres";
        try (TestBus bus = fixture.listening(url, TestPostgres.dedicated(url), HubFixture.QUICK)) {
            HubFixture.send(bus, "1");
            heard.await("1");
            server.close();
            await().until(() -> !fixture.registration.isListening());
            server = server(data, port);
            heard.await(Heard.GAP);
            await().ignoreExceptionsInstanceOf(DataAccessException.class).until(() -> {
                HubFixture.send(bus, "2");
                return true;
            });
            heard.await("2");
            assertThat(heard.all()).containsExactly("1", Heard.GAP, "2");
        } finally {
            server.close();
        }
    }

    private static EmbeddedPostgres server(Path data, int port) throws IOException {
        EmbeddedPostgres.Builder builder =
                EmbeddedPostgres.builder().setDataDirectory(data).setCleanDataDirectory(false);
        return (port == 0 ? builder : builder.setPort(port)).start();
    }

    /** A server that cannot be reached. */
    private static final class CutOff implements DedicatedConnections {

        private final DedicatedConnections connections;
        private volatile boolean cut = true;

        CutOff(DedicatedConnections connections) {
            this.connections = connections;
        }

        @Override
        public Connection open() throws SQLException {
            if (cut) {
                throw new SQLException("cut off");
            }
            return connections.open();
        }
    }
}
