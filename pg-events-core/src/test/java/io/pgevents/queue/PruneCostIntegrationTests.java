package io.pgevents.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgevents.support.TestBus;
import io.pgevents.support.TestPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How many pages a batch of pruning touches, behind what was pruned while vacuum was held up. */
@Timeout(120)
class PruneCostIntegrationTests {

    private static final Logger log = LoggerFactory.getLogger(PruneCostIntegrationTests.class);
    private static final int BATCH = 1_000;
    private static final int BATCHES = 50;
    private static final String ARGUMENTS = "'%s', 3600000, " + BATCH;

    @ParameterizedTest
    @ValueSource(strings = {"done", "failed"})
    void eachBatchCostsTheSameBehindAllThatWerePrunedUnderAnOpenTransaction(String status) throws SQLException {
        String url = TestPostgres.newDatabaseUrl();
        String prune = "prune_" + status;
        try (TestBus bus = new TestBus(url);
                StatementPlans plans = new StatementPlans(url, bus.schema()).with(prune, bus.schema());
                Connection pin = DriverManager.getConnection(url, "postgres", "postgres")) {
            insert(bus, status);
            pin.setAutoCommit(false);
            pin.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            pin.createStatement().execute("SELECT pg_current_xact_id() FROM event_queue");
            List<Integer> pages = new ArrayList<>();
            String from = "-infinity";
            for (int batch = 1; batch < BATCHES; batch++) {
                String upTo = endOfNextBatch(bus, status);
                pages.add(plans.buffersOnce(prune, ARGUMENTS.formatted(from)));
                from = upTo;
            }
            bus.jdbc().execute("VACUUM event_queue");
            int fromTheStart = plans.buffersOnce(prune, ARGUMENTS.formatted("-infinity"));
            log.info("Pages of each batch: {}; of one from the start: {}", pages, fromTheStart);
            assertThat(bus.count(status)).isZero();
            assertThat(pages).allSatisfy(each -> assertThat(each).isBetween(BATCH, 8 * BATCH));
            assertThat(fromTheStart).isGreaterThan(pages.get(BATCHES - 2) + BATCHES * BATCH / 100);
        }
    }

    private static void insert(TestBus bus, String status) {
        bus.jdbc()
                .update(
                        "INSERT INTO event_queue (topic, payload, status, finished_at)"
                                + " SELECT 'a', '{}', ?, now() - interval '2 hours' + n * interval '1 ms'"
                                + " FROM generate_series(1, ?) AS n",
                        status,
                        BATCHES * BATCH);
        bus.jdbc().execute("VACUUM ANALYZE event_queue");
    }

    /** Where the pruning would go on, as its statement says. */
    private static String endOfNextBatch(TestBus bus, String status) {
        return bus.jdbc()
                .queryForObject(
                        "SELECT max(finished_at)::text FROM (SELECT finished_at FROM event_queue WHERE status = ?"
                                + " ORDER BY finished_at LIMIT ?) AS batch",
                        String.class,
                        status,
                        BATCH);
    }
}
