package io.pgevents.benchmark.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.pgevents.benchmark.contestant.Contestant;
import io.pgevents.benchmark.contestant.Receipts;
import io.pgevents.benchmark.contestant.Target;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.BitSet;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every peer handles every event once, whether one process opens it or two. */
class PeersIntegrationTests {

    private static final int WORKERS = 4;
    private static final int EVENTS = 500;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static EmbeddedPostgres server;
    private static int databases;

    @BeforeAll
    static void startServer() throws IOException {
        server = EmbeddedPostgres.start();
    }

    @AfterAll
    static void stopServer() throws IOException {
        server.close();
    }

    @ParameterizedTest
    @MethodSource("names")
    void handlesEachEventOnce(String name) throws Exception {
        Target target = database();
        Inbox inbox = new Inbox();
        try (Contestant peer = open(name, target)) {
            assertThat(peer.tuning()).isNotBlank();
            if (peer.handlesWhereItPublishes()) {
                peer.consume(inbox);
                peer.publish(0, EVENTS);
            } else {
                peer.publish(0, EVENTS);
                peer.consume(inbox);
            }
            awaitEffects(target, EVENTS);
        }
        assertThat(inbox.numbers.cardinality()).isEqualTo(EVENTS);
        assertThat(inbox.calls).isEqualTo(EVENTS);
        assertThat(effects(target)).isEqualTo(new Effect(EVENTS, EVENTS));
    }

    @ParameterizedTest
    @MethodSource("names")
    void handlesWhatAnotherOpeningPublishes(String name) throws Exception {
        Target target = database();
        Inbox inbox = new Inbox();
        try (Contestant publisher = open(name, target);
                Contestant consumer = open(name, target)) {
            assumeFalse(publisher.handlesWhereItPublishes(), "handles only what it has published");
            consumer.consume(inbox);
            for (int number = 0; number < 20; number++) {
                publisher.publish(number, 1);
            }
            awaitEffects(target, 20);
        }
        assertThat(effects(target)).isEqualTo(new Effect(20, 20));
    }

    static Set<String> names() {
        return Peers.all().keySet();
    }

    private static Contestant open(String name, Target target) throws SQLException {
        return Peers.all().get(name).open(target, WORKERS);
    }

    private static void awaitEffects(Target target, int rows) {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> effects(target).rows() >= rows);
    }

    private static Target database() throws SQLException {
        String name = "peer" + ++databases;
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name);
        }
        return new Target(server.getJdbcUrl("postgres", name), "postgres", "");
    }

    private static Effect effects(Target target) throws SQLException {
        try (Connection connection = DriverManager.getConnection(target.url(), target.user(), target.password());
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT count(*), count(DISTINCT number) FROM effect")) {
            result.next();
            return new Effect(result.getInt(1), result.getInt(2));
        }
    }

    private record Effect(int rows, int distinct) {}

    private static final class Inbox implements Receipts {

        private final BitSet numbers = new BitSet();
        private int calls;

        @Override
        public synchronized void received(int number) {
            numbers.set(number);
            calls++;
        }
    }
}
