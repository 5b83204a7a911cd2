package io.pgevents.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pgevents.Priority;
import io.pgevents.queue.ClaimedEvent.Position;
import io.pgevents.queue.Claims.Beginning;
import io.pgevents.queue.Claims.SubscriptionScope;
import io.pgevents.support.TestBus;
import io.pgevents.support.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever ends or renews a lease: only its owner can, and rows are locked in one order. */
class LeaseOwnerIntegrationTests {

    private static final Duration LEASE = Duration.ofMinutes(1);
    private static final SubscriptionScope SCOPE = new SubscriptionScope("s", null, 3);

    private final TestBus bus = new TestBus(TestPostgres.newDatabaseUrl());
    private final Claims claims = new Claims(bus.pool(), bus.schema());
    private final ExecutorService executor = Executors.newCachedThreadPool();

    /** What an owner does with its leases. */
    enum Action {
        FINISH,
        FINISH_AND_DELETE,
        RETRY,
        FAIL,
        HAND_BACK,
        RENEW
    }

    @AfterEach
    void close() {
        executor.shutdownNow();
        bus.close();
    }

    @ParameterizedTest
    @EnumSource
    void changesItsOwnLeases(Action action) {
        List<ClaimedEvent> mine = lease(2, "mine");
        List<String> before = rows();
        carryOut(action, mine);
        assertThat(rows()).doesNotContainAnyElementsOf(before);
    }

    @ParameterizedTest
    @EnumSource
    void leavesWhatAnotherOwnerHas(Action action) {
        List<ClaimedEvent> mine = lease(1, "mine");
        bus.jdbc().update("UPDATE event_queue SET locked_by = 'other'");
        List<String> before = rows();
        carryOut(action, mine);
        assertThat(rows()).isEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource
    void leavesWhatIsNoLeaseAnyMore(Action action) {
        List<ClaimedEvent> mine = lease(3, "mine");
        bus.jdbc()
                .update(
                        "UPDATE event_queue SET status = 'pending' WHERE id = ?",
                        mine.get(0).id());
        bus.jdbc()
                .update(
                        "UPDATE event_queue SET status = 'done' WHERE id = ?",
                        mine.get(1).id());
        bus.jdbc()
                .update(
                        "UPDATE event_queue SET status = 'failed' WHERE id = ?",
                        mine.get(2).id());
        List<String> before = rows();
        carryOut(action, mine);
        assertThat(rows()).isEqualTo(before);
    }

    /** With the row in the middle taken, statements that lock from both ends would each have what the other needs. */
    @ParameterizedTest
    @EnumSource(names = {"FINISH", "FINISH_AND_DELETE", "RENEW", "HAND_BACK"})
    void doesNotWaitInACircleWithARenewalThatIsGivenTheEventsInTheOppositeOrder(Action action) throws Exception {
        List<ClaimedEvent> forwards = lease(500, "mine");
        List<ClaimedEvent> backwards = new ArrayList<>(forwards);
        Collections.reverse(backwards);
        bus.jdbc().execute("ANALYZE event_queue");
        try (Connection middle = bus.pool().getConnection()) {
            middle.setAutoCommit(false);
            lock(middle, forwards.get(250).id());
            Future<?> end = executor.submit(() -> carryOut(action, backwards));
            await().until(() -> waiting() == 1);
            Future<?> renewal = executor.submit(() -> carryOut(Action.RENEW, forwards));
            await().until(() -> waiting() == 2);
            middle.rollback();
            assertThat(end).succeedsWithin(Duration.ofSeconds(20));
            assertThat(renewal).succeedsWithin(Duration.ofSeconds(20));
        }
    }

    private void carryOut(Action action, List<ClaimedEvent> events) {
        Settlements settlements = new Settlements(bus.pool(), bus.schema(), action != Action.FINISH_AND_DELETE);
        switch (action) {
            case FINISH, FINISH_AND_DELETE -> settlements.finishLeased(events);
            case RETRY -> events.forEach(each -> settlements.retry(each, LEASE, "broken"));
            case FAIL -> events.forEach(each -> settlements.fail(each, 1, "broken"));
            case HAND_BACK -> settlements.handBack(events);
            case RENEW -> settlements.renew(events, LEASE);
        }
    }

    private List<ClaimedEvent> lease(int events, String owner) {
        bus.jdbc()
                .update(
                        "INSERT INTO event_queue (topic, payload, subscription)"
                                + " SELECT 'a', to_jsonb(n), 's' FROM generate_series(1, ?) n",
                        events);
        Beginning start = new Beginning(Map.of(Priority.NORMAL, Position.START), Duration.ZERO);
        return bus.transaction()
                .execute(status -> claims.lease(claims.claim(SCOPE, start, events), owner, Duration.ofSeconds(20)));
    }

    private List<String> rows() {
        return bus.jdbc().queryForList("SELECT q::text FROM event_queue q ORDER BY id", String.class);
    }

    private static void lock(Connection connection, long id) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT FROM event_queue WHERE id = " + id + " FOR UPDATE");
        }
    }

    private int waiting() {
        return bus.jdbc().queryForObject("SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted", Integer.class);
    }
}
