package io.pgevents.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgevents.OutgoingEvent;
import io.pgevents.support.TestBus;
import io.pgevents.support.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** An event lives and dies with the transaction of its publisher, wherever that comes from. */
class PublishTransactionIntegrationTests {

    private final TestBus bus = new TestBus(TestPostgres.newDatabaseUrl());

    @AfterEach
    void close() {
        bus.close();
    }

    @Test
    void commitsOnItsOwnWithoutATransaction() {
        bus.publisher().publish("a", 1);
        assertThat(topics()).containsExactly("a");
    }

    @Test
    void leavesNothingAfterARollback() {
        bus.publisher().publish("kept", 0);
        bus.transaction().executeWithoutResult(status -> {
            bus.publisher().publish("a", 1);
            bus.publisher().publishAll(List.of(OutgoingEvent.of("b", 1).withDeduplicationKey("d")));
            assertThat(topics()).containsExactly("kept", "a", "b");
            status.setRollbackOnly();
        });
        assertThat(topics()).containsExactly("kept");
        assertThat(bus.publisher()
                        .publish(OutgoingEvent.of("b", 2).withDeduplicationKey("d"))
                        .isDuplicate())
                .as("the de-duplication key is rolled back as well")
                .isFalse();
    }

    @Test
    void isSeenByOthersOnlyAfterTheCommit() throws Exception {
        try (Connection other = TestPostgres.dedicated(bus.pool().getJdbcUrl()).open()) {
            bus.transaction().executeWithoutResult(status -> {
                bus.publisher().publish("a", 1);
                assertThat(countOn(other)).isZero();
            });
            assertThat(countOn(other)).isEqualTo(1);
        }
    }

    @Test
    void sharesTheTransactionOfTheBusinessWrite() {
        bus.jdbc().execute("CREATE TABLE orders (id int PRIMARY KEY)");
        bus.transaction().executeWithoutResult(status -> {
            bus.jdbc().update("INSERT INTO orders VALUES (1)");
            bus.publisher().publish("order.placed", 1);
        });
        assertThatThrownBy(() -> bus.transaction().executeWithoutResult(status -> {
                    bus.publisher().publish("order.placed", 2);
                    bus.jdbc().update("INSERT INTO orders VALUES (1)");
                }))
                .isInstanceOf(org.springframework.dao.DuplicateKeyException.class);
        assertThat(bus.jdbc().queryForList("SELECT payload::text FROM event_queue", String.class))
                .containsExactly("1");
        assertThat(bus.jdbc().queryForObject("SELECT q.xmin = o.xmin FROM event_queue q, orders o", Boolean.class))
                .isTrue();
    }

    @Test
    void joinsPlainJdbcThroughDataSourceUtils() {
        bus.transaction().executeWithoutResult(status -> {
            Connection connection = DataSourceUtils.getConnection(bus.pool());
            try {
                connection
                        .prepareStatement("INSERT INTO event_queue (topic, payload) VALUES ('plain', '1')")
                        .execute();
                bus.publisher().publish("ours", 1);
                assertThat(countOn(connection)).isEqualTo(2);
            } catch (SQLException ex) {
                throw new IllegalStateException(ex);
            } finally {
                DataSourceUtils.releaseConnection(connection, bus.pool());
            }
            status.setRollbackOnly();
        });
        assertThat(topics()).isEmpty();
    }

    @Test
    void keepsTheInnerTransactionApartFromTheOuter() {
        TransactionTemplate inner = bus.transaction();
        inner.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
        bus.transaction().executeWithoutResult(outer -> {
            bus.publisher().publish("outer.rolled.back", 1);
            inner.executeWithoutResult(status -> bus.publisher().publish("inner.committed", 1));
            outer.setRollbackOnly();
        });
        bus.transaction().executeWithoutResult(outer -> {
            bus.publisher().publish("outer.committed", 1);
            inner.executeWithoutResult(status -> {
                bus.publisher().publish("inner.rolled.back", 1);
                status.setRollbackOnly();
            });
        });
        assertThat(topics()).containsExactlyInAnyOrder("inner.committed", "outer.committed");
    }

    @Test
    void tellsTheConsumersOfThisProcessOnceAndOnlyAfterTheCommit() {
        Queue<String> told = new ConcurrentLinkedQueue<>();
        bus.jdbc().update("INSERT INTO event_subscription (name, topics) VALUES ('s', '{a}')");
        bus.publisher().setListener((subscription, dueIn) -> told.add(subscription + " " + dueIn));
        bus.transaction().executeWithoutResult(status -> {
            bus.publisher().publish(OutgoingEvent.of("a", 1).withDelay(Duration.ofHours(1)));
            bus.publisher().publish("a", 2);
            bus.publisher().publish("nobody", 3);
            assertThat(told).isEmpty();
        });
        assertThat(told).containsExactly("s PT0S");
        bus.transaction().executeWithoutResult(status -> {
            bus.publisher().publish("a", 4);
            status.setRollbackOnly();
        });
        assertThat(told).hasSize(1);
        bus.publisher().publish("a", 5);
        assertThat(told).containsExactly("s PT0S", "s PT0S");
    }

    private List<String> topics() {
        return bus.jdbc().queryForList("SELECT topic FROM event_queue ORDER BY id", String.class);
    }

    private static int countOn(Connection connection) {
        try (var rows = connection.createStatement().executeQuery("SELECT count(*) FROM event_queue")) {
            rows.next();
            return rows.getInt(1);
        } catch (SQLException ex) {
            throw new IllegalStateException(ex);
        }
    }
}
