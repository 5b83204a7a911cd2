package io.pgevents.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgevents.Priority;
import io.pgevents.queue.Claims;
import io.pgevents.queue.Claims.SubscriptionScope;
import io.pgevents.subscription.SubscriptionSettings.Order;
import io.pgevents.support.TestBus;
import io.pgevents.support.TestPostgres;
import io.pgevents.support.TestSettings;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How many pages claims touch while vacuum is held up, of an instance that did not see what has been consumed. */
class PinnedClaimerIntegrationTests {

    private static final SubscriptionScope SCOPE = new SubscriptionScope("s", null, 3);
    private static final int CONSUMED = 100_000;
    private static final int FEW_PAGES = 100;

    private final String url = TestPostgres.newDatabaseUrl();
    private final TestBus bus = new TestBus(url);
    private final Claims claims = new Claims(bus.pool(), bus.schema());
    private Connection pin;

    @BeforeEach
    void pin() throws SQLException {
        pin = DriverManager.getConnection(url, "postgres", "postgres");
        pin.setAutoCommit(false);
        pin.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        pin.createStatement().execute("SELECT pg_current_xact_id()");
    }

    @AfterEach
    void close() throws SQLException {
        pin.close();
        bus.close();
    }

    private void insert(Priority priority, int events) {
        bus.jdbc()
                .update(
                        "INSERT INTO event_queue (topic, payload, subscription, event_id, ordering_key, priority, process_at)"
                                + " SELECT 'a', '{}', 's', gen_random_uuid(), n, ?, clock_timestamp() - interval '1 min'"
                                + " FROM generate_series(1, ?) AS n",
                        priority.level(),
                        events);
    }

    private void consume() {
        bus.jdbc().update("DELETE FROM event_queue");
        bus.jdbc().execute("VACUUM ANALYZE event_queue");
    }

    private Claimer claimer(boolean ordered) {
        return ordered
                ? new OrderedClaimer(claims, SCOPE, Floor.ofWindows(claims.now()), TestSettings.order(Order.KEY))
                : new UnorderedClaimer(claims, SCOPE, Floor.ofBatches(claims.now()));
    }

    /** How many pages of the claim's index a claim touches. */
    private long claim(Claimer claimer, int expected) {
        return Objects.requireNonNull(bus.transaction().execute(status -> {
            long before = pages();
            assertThat(claimer.claim(100).events()).hasSize(expected);
            return pages() - before;
        }));
    }

    private long pages() {
        String index = "SELECT pg_stat_get_xact_blocks_fetched('event_queue_claim'::regclass)";
        return Objects.requireNonNull(bus.jdbc().queryForObject(index, Long.class));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatWasConsumedBeforeTheStartIsPassedOnce(boolean ordered) {
        insert(Priority.NORMAL, CONSUMED);
        consume();
        claimTenTimes(claimer(ordered), 0);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatWasMoreUrgentIsPassedOnceForABacklog(boolean ordered) {
        insert(Priority.HIGH, CONSUMED);
        consume();
        insert(Priority.NORMAL, 2_000);
        claimTenTimes(claimer(ordered), 100);
    }

    private void claimTenTimes(Claimer claimer, int expected) {
        long begun = System.nanoTime();
        int dear = 0;
        for (int i = 0; i < 10; i++) {
            dear += claim(claimer, expected) < FEW_PAGES ? 0 : 1;
        }
        long halfSeconds = Duration.ofNanos(System.nanoTime() - begun).toMillis() / 500;
        assertThat((long) dear).as("the first sweep, and those that were due").isBetween(1L, 1 + halfSeconds);
    }

    @Test
    void aClaimBesideTheFirstSweepDoesNotWalkAsWell() {
        insert(Priority.NORMAL, CONSUMED);
        consume();
        Floor floor = Floor.ofBatches(claims.now());
        Floor.Scan sweep = floor.begin();
        assertThat(sweep.isSweep()).isTrue();
        assertThat(claim(new UnorderedClaimer(claims, SCOPE, floor), 0)).isLessThan(FEW_PAGES);
    }
}
