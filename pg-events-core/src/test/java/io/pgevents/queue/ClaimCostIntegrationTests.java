package io.pgevents.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgevents.support.TestBus;
import io.pgevents.support.TestPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How many pages a claim touches: in front of any backlog, and behind what was consumed while vacuum was held up. */
@Timeout(120)
class ClaimCostIntegrationTests {

    private static final Logger log = LoggerFactory.getLogger(ClaimCostIntegrationTests.class);
    private static final int CONSUMED = 200_000;
    private static final String START =
            "'{0,1,2}', '{-infinity,-infinity,-infinity}', '{-1,-1,-1}', 250, 's', NULL, NULL, 100, 100";

    private final String url = TestPostgres.newDatabaseUrl();
    private TestBus bus;
    private StatementPlans plans;

    @BeforeEach
    void open() {
        bus = new TestBus(url);
        plans = new StatementPlans(url, bus.schema()).mode("force_generic_plan");
    }

    @AfterEach
    void close() {
        plans.close();
        bus.close();
    }

    /**
     * With a subscription, so that no trigger looks for one, and due a minute ago, because a claim always looks at the last
     * quarter of a second.
     */
    private void insert(int events) {
        bus.jdbc()
                .update(
                        "INSERT INTO event_queue (topic, payload, subscription, event_id, process_at)"
                                + " SELECT 'a', '{}', 's', gen_random_uuid(), clock_timestamp() - interval '1 min'"
                                + " FROM generate_series(1, ?)",
                        events);
    }

    @Test
    void anEmptyQueueCostsAFewPages() {
        assertThat(plans.buffers("claim", START)).isLessThan(20);
        assertThat(plans.buffers("window", START)).isLessThan(20);
        assertThat(plans.buffers("lookout", "'{s}', '{1}', '{-infinity}', '{-1}'"))
                .isLessThan(20);
    }

    @Test
    void aMillionWaitingEventsCostNoMoreThanTheFirstOnes() {
        insert(1_000_000);
        bus.jdbc().execute("ANALYZE event_queue");
        assertThat(plans.buffers("claim", START)).isBetween(100, 400);
        assertThat(plans.buffers("window", START)).isBetween(1, 400);
        assertThat(plans.buffers("lookout", "'{s}', '{1}', '{-infinity}', '{-1}'"))
                .isBetween(1, 30);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE event_queue SET status = 'done', attempt_count = 1, finished_at = clock_timestamp()",
                "DELETE FROM event_queue"
            })
    void whatWasConsumedUnderAnOpenTransactionCostsOnlyTheSweep(String finish) throws SQLException {
        try (Connection pin = DriverManager.getConnection(url, "postgres", "postgres")) {
            pin.setAutoCommit(false);
            pin.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            pin.createStatement().execute("SELECT pg_current_xact_id() FROM event_queue");
            insert(CONSUMED);
            String floor = bus.jdbc()
                    .queryForObject(
                            "SELECT format('''{0,1,2}'', ''{-infinity,\"%s\",-infinity}'', ''{-1,%s,-1}'', 250, ''s'', NULL, NULL, 100, 100',"
                                    + " process_at, id) FROM event_queue ORDER BY process_at DESC, id DESC LIMIT 1",
                            String.class);
            assertThat(bus.jdbc().update(finish)).isEqualTo(CONSUMED);
            insert(100);
            bus.jdbc().execute("VACUUM ANALYZE event_queue");
            int claim = plans.buffers("claim", floor);
            int sweep = plans.buffers("claim", START);
            log.info("{}: {} pages from the floor, {} from the start", finish.substring(0, 6), claim, sweep);
            assertThat(claim).isBetween(50, 300);
            assertThat(sweep).isGreaterThan(CONSUMED / 100);
        }
    }

    @Test
    void whatWasConsumedOfAKeyUnderAnOpenTransactionIsPassedFromWhereItWas() throws SQLException {
        plans.with("claim_keys", bus.schema());
        try (Connection pin = DriverManager.getConnection(url, "postgres", "postgres")) {
            pin.setAutoCommit(false);
            pin.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            pin.createStatement().execute("SELECT pg_current_xact_id() FROM event_queue");
            insert(CONSUMED);
            bus.jdbc().update("UPDATE event_queue SET ordering_key = 'k'");
            long last = bus.jdbc().queryForObject("SELECT max(id) FROM event_queue", Long.class);
            bus.jdbc().update("DELETE FROM event_queue");
            insert(100);
            bus.jdbc().update("UPDATE event_queue SET ordering_key = 'k'");
            bus.jdbc().execute("VACUUM ANALYZE event_queue");
            int goingOn = plans.buffers("claim_keys", keyAfter(last));
            int fromStart = plans.buffers("claim_keys", keyAfter(-1));
            log.info("{} pages from where the key was, {} from its start", goingOn, fromStart);
            assertThat(goingOn).isBetween(100, 1_000);
            assertThat(fromStart).isGreaterThan(CONSUMED / 100);
        }
    }

    private static String keyAfter(long id) {
        return "'s', '{k}', '{" + id + "}', '{100}', NULL, NULL, false, 's', false";
    }
}
