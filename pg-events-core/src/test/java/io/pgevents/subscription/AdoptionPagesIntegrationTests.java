package io.pgevents.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgevents.jdbc.CommittedJdbc;
import io.pgevents.jdbc.SqlStatements;
import io.pgevents.subscription.SubscriptionRegistration.Adopted;
import io.pgevents.support.TestBus;
import io.pgevents.support.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** How what waits for its first subscription is walked over. */
class AdoptionPagesIntegrationTests {

    private static final Adopted NOTHING = new Adopted(0, false);

    private final TestBus bus = new TestBus(TestPostgres.newDatabaseUrl());
    private final SqlStatements statements = new SqlStatements(bus.schema());
    private final Adoption adoption = new Adoption(CommittedJdbc.joining(bus.pool()), statements, 2);
    private final List<Subscription> subscriptions = List.of(new Subscription(
            "s", List.of(new TopicPattern("right")), NoHandler.INSTANCE, SubscriptionSettings.DEFAULT));

    @BeforeEach
    void register() {
        insert("right", 3);
        insert("wrong", 5);
        insert("right", 4);
        new SubscriptionRegistration(bus.pool(), new JdbcTransactionManager(bus.pool()), bus.schema())
                .register(subscriptions);
    }

    @AfterEach
    void close() {
        bus.close();
    }

    private void insert(String topic, int count) {
        bus.jdbc()
                .update(
                        "INSERT INTO event_queue (topic, payload) SELECT ?, '1' FROM generate_series(1, ?)",
                        topic,
                        count);
    }

    private List<String> waiting() {
        return bus.jdbc()
                .queryForList("SELECT DISTINCT topic FROM event_queue WHERE subscription IS NULL", String.class);
    }

    @Test
    void findsWhatWaitsBehindOthersPageByPage() {
        assertThat(adoption.run(subscriptions)).isEqualTo(new Adopted(7, false));
        assertThat(waiting()).containsExactly("wrong");
        assertThat(adoption.run(subscriptions)).isEqualTo(NOTHING);
    }

    @Test
    void findsInAnyOrderOfPriorityAndTime() {
        bus.jdbc()
                .update(
                        "UPDATE event_queue SET priority = id % 3, process_at = process_at + (id % 2) * interval '1 hour'");
        assertThat(adoption.run(subscriptions)).isEqualTo(new Adopted(7, false));
        assertThat(waiting()).containsExactly("wrong");
    }

    @Test
    void beginsAtTheStartAgainAfterTheEnd() {
        adoption.run(subscriptions);
        bus.jdbc()
                .update(
                        "UPDATE event_queue SET subscription = NULL, process_at = process_at - interval '1 day' WHERE topic = 'right'");
        assertThat(adoption.run(subscriptions)).isEqualTo(new Adopted(7, false));
    }

    @Test
    void goesOnWhereAnInterruptedRunHasEnded() {
        Thread.currentThread().interrupt();
        Adopted first = adoption.run(subscriptions);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(first).isEqualTo(new Adopted(2, true));
        assertThat(adoption.run(subscriptions)).isEqualTo(new Adopted(5, false));
    }

    @Test
    void skipsWhatIsLocked() throws SQLException {
        try (Connection other = bus.pool().getConnection();
                Statement lock = other.createStatement()) {
            other.setAutoCommit(false);
            lock.execute("SELECT id FROM event_queue WHERE topic = 'right' ORDER BY id LIMIT 1 FOR UPDATE");
            assertThat(adoption.run(subscriptions)).isEqualTo(new Adopted(6, false));
            other.rollback();
        }
        assertThat(adoption.run(subscriptions)).isEqualTo(new Adopted(1, false));
    }

    @Test
    void readsAPageFromTheIndexAndSortsNothing() {
        assertThat(plan()).contains("event_queue_claim").doesNotContain("Seq Scan on event_queue", "Sort Key: e.");
        insert("wrong", 30_000);
        assertThat(plan()).contains("event_queue_claim").doesNotContain("Seq Scan on event_queue", "Sort Key: e.");
        bus.jdbc().execute("VACUUM ANALYZE event_queue");
        assertThat(plan()).contains("event_queue_claim").doesNotContain("Seq Scan on event_queue", "Sort Key: e.");
    }

    private String plan() {
        String sql = statements.get("event_queue/adopt");
        for (String value : new String[] {"1", "'2020-01-01'", "5", "1000", "'{s}'"}) {
            sql = sql.replaceFirst("\\?", value);
        }
        return String.join("\n", bus.jdbc().queryForList("EXPLAIN (COSTS OFF) " + sql, String.class));
    }
}
