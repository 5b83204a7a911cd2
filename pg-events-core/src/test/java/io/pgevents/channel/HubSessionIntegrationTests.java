package io.pgevents.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pgevents.channel.WakeUpHub.Requests;
import io.pgevents.jdbc.SqlStatements;
import io.pgevents.support.TestBus;
import io.pgevents.support.TestPostgres;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How often a session looks for the end of the transactions that were open when it closed its gates. */
@Timeout(60)
class HubSessionIntegrationTests {

    private static final Duration POLL = Duration.ofMinutes(1);
    /** Pauses that double from 2 ms on reach the poll interval after fifteen looks. */
    private static final int MOST_LOOKS = 15;

    private final String url = TestPostgres.newDatabaseUrl();
    private final TestBus bus = new TestBus(url);
    private final Requests requests = new Requests();
    private final Set<String> overlooked = new HashSet<>();
    private Connection late;
    private Connection listening;
    private HubSession session;
    private int looks;

    @BeforeEach
    void open() throws SQLException {
        bus.jdbc().update("INSERT INTO event_subscription (name) SELECT 's' || n FROM generate_series(1, 6) n");
        late = bus.pool().getConnection();
        late.setAutoCommit(false);
        try (Statement statement = late.createStatement()) {
            statement.execute("INSERT INTO event_queue (topic, payload) VALUES ('t', '1')");
        }
        listening = TestPostgres.dedicated(url).open();
        Connection connection = counting(listening);
        SqlStatements statements = new SqlStatements(bus.schema());
        session = new HubSession(
                connection,
                statements,
                new WakeUpHub.Settings(1, "test", POLL),
                new Overlooked(),
                bus.channels(),
                new Heartbeat(connection, statements, Heartbeat.Settings.DEFAULT, new QueueWatch(0.1)));
        session.begin();
    }

    @Test
    void hasTheServerLookWhetherThisMachineIsStillThere() throws SQLException {
        try (Statement statement = listening.createStatement();
                ResultSet row = statement.executeQuery("SELECT current_setting('tcp_keepalives_idle')")) {
            row.next();
            assertThat(row.getString(1)).isEqualTo("15");
        }
    }

    private void prove() throws SQLException {
        while (!session.isProven()) {
            session.step(requests);
        }
        looks = 0;
    }

    @AfterEach
    void close() throws SQLException {
        session.close();
        listening.close();
        late.close();
        bus.close();
    }

    @Test
    void looksWithGrowingPausesAndNotAtEachStep() throws SQLException {
        prove();
        requests.park.add("s1");
        for (int step = 0; step < 100; step++) {
            session.step(requests);
        }
        assertThat(looks).isBetween(3, 2 + MOST_LOOKS);
        assertThat(overlooked).isEmpty();
        late.commit();
        stepUntilOverlooked(Set.of("s1"));
    }

    /** A new watch looks often at first; if that lengthened the pauses of older ones, they would end too soon. */
    @Test
    void aLookThatIsNotDueForASubscriptionDoesNotCountForIt() throws SQLException {
        prove();
        List<String> all = List.of("s1", "s2", "s3", "s4", "s5", "s6");
        for (String each : all) {
            requests.park.add(each);
            int before = looks;
            while (looks < before + 4) {
                session.step(requests);
            }
        }
        late.commit();
        stepUntilOverlooked(Set.copyOf(all));
    }

    @Test
    void seesTheEndOfTheNewestTransactionOfAll() throws SQLException {
        prove();
        try (Connection newest = bus.pool().getConnection()) {
            newest.setAutoCommit(false);
            try (Statement statement = newest.createStatement()) {
                statement.execute("INSERT INTO event_queue (topic, payload) VALUES ('t', '1')");
            }
            requests.park.add("s1");
            session.step(requests);
            newest.commit();
        }
        stepUntilOverlooked(Set.of("s1"));
    }

    @Test
    void closesNoGateBeforeANotificationHasCome() throws SQLException {
        requests.park.add("s1");
        while (!session.isProven()) {
            session.step(requests);
            assertThat(requests.park).containsExactly("s1");
        }
        session.step(requests);
        assertThat(requests.park).isEmpty();
    }

    private void stepUntilOverlooked(Set<String> subscriptions) {
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            session.step(requests);
            return overlooked.equals(subscriptions);
        });
    }

    /** Counts plain statements, of which a session makes one for each look. */
    private Connection counting(Connection connection) {
        return (Connection) Proxy.newProxyInstance(
                Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    looks += method.getName().equals("createStatement") ? 1 : 0;
                    try {
                        return method.invoke(connection, arguments);
                    } catch (InvocationTargetException ex) {
                        throw ex.getCause();
                    }
                });
    }

    private final class Overlooked extends NobodySleeps {

        @Override
        public void overlooked(String subscription) {
            overlooked.add(subscription);
        }
    }
}
