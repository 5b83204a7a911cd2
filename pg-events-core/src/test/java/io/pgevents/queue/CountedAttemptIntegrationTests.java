package io.pgevents.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pgevents.Priority;
import io.pgevents.queue.ClaimedEvent.Position;
import io.pgevents.queue.Claims.Beginning;
import io.pgevents.queue.Claims.KeyClaim;
import io.pgevents.queue.Claims.KeyRun;
import io.pgevents.queue.Claims.SubscriptionScope;
import io.pgevents.support.TestBus;
import io.pgevents.support.TestPostgres;
import io.pgevents.support.Threads;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Between the count of an attempt and the second lock of its event the row is free: nobody else may take it. */
class CountedAttemptIntegrationTests {

    private static final SubscriptionScope SCOPE = new SubscriptionScope("s", null, 3);
    private static final Beginning START = new Beginning(Map.of(Priority.NORMAL, Position.START), Duration.ZERO);

    private final TestBus bus = new TestBus(TestPostgres.newDatabaseUrl());
    private final Claims claims = new Claims(bus.pool(), bus.schema());

    @AfterEach
    void close() {
        bus.close();
    }

    @Test
    void isDueLaterSoThatNoOtherInstanceTakesIt() {
        List<ClaimedEvent> counted = countOne();
        assertThat(claim()).isEmpty();
        assertThat(relock(false, counted)).isEqualTo(counted);
        assertThat(bus.jdbc().queryForObject("SELECT attempt_count FROM event_queue", Integer.class))
                .isEqualTo(1);
    }

    @Test
    void isDueFiveSecondsAfterItWasCountedForWhoeverFindsItThen() {
        insert();
        Boolean dueInFiveSeconds = bus.transaction().execute(status -> {
            claims.countAttempts(claims.claim(SCOPE, START, 10));
            return bus.jdbc()
                    .queryForObject(
                            "SELECT process_at BETWEEN now() + interval '5 s' AND clock_timestamp() + interval '5 s'"
                                    + " FROM event_queue",
                            Boolean.class);
        });
        assertThat(dueInFiveSeconds).isTrue();
    }

    /** Also where failed events step aside: it has not failed. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void holdsUpItsKey(boolean skipFailed) {
        countOne();
        insert();
        KeyClaim claim = bus.transaction()
                .execute(status -> claims.claimKeys(SCOPE, Map.of("k", new KeyRun(-1, 10)), skipFailed));
        assertThat(claim.events()).isEmpty();
    }

    @Test
    void isLeftToWhoeverHasTakenItAllTheSame() {
        List<ClaimedEvent> counted = countOne();
        bus.jdbc().update("UPDATE event_queue SET attempt_count = attempt_count + 1");
        assertThat(relock(false, counted)).isEmpty();
    }

    /** It may have been its last attempt: somebody who has the key for a moment must not cost the event its life. */
    @Test
    void waitsForItsKeyWhenItIsAlone() {
        List<ClaimedEvent> counted = countOne();
        Threads threads = new Threads();
        CompletableFuture<List<ClaimedEvent>> relocked = bus.transaction().execute(status -> {
            claims.claimKeys(SCOPE, Map.of("k", new KeyRun(-1, 10)), false);
            CompletableFuture<List<ClaimedEvent>> waiting =
                    CompletableFuture.supplyAsync(() -> relock(true, counted), threads);
            await().until(() -> waitingForKeys() == 1);
            assertThat(waiting).isNotDone();
            return waiting;
        });
        threads.join();
        assertThat(relocked).isCompletedWithValue(counted);
    }

    @Test
    void isLeftOutAmongSeveralWhenSomebodyHasItsKey() {
        insert();
        List<ClaimedEvent> counted = countOne();
        Threads threads = new Threads();
        bus.transaction().executeWithoutResult(status -> {
            claims.claimKeys(SCOPE, Map.of("k", new KeyRun(-1, 10)), false);
            CompletableFuture<List<ClaimedEvent>> relocked =
                    CompletableFuture.supplyAsync(() -> relock(true, counted), threads);
            threads.join();
            assertThat(relocked).isCompletedWithValue(List.of());
        });
    }

    private long waitingForKeys() {
        Long waiting = bus.jdbc()
                .queryForObject(
                        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
                                + " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
                        Long.class);
        return waiting == null ? 0 : waiting;
    }

    private List<ClaimedEvent> countOne() {
        insert();
        return bus.transaction().execute(status -> claims.countAttempts(claims.claim(SCOPE, START, 10)));
    }

    private List<ClaimedEvent> claim() {
        return bus.transaction().execute(status -> claims.claim(SCOPE, START, 10));
    }

    private List<ClaimedEvent> relock(boolean ordered, List<ClaimedEvent> counted) {
        return bus.transaction().execute(status -> claims.relock(SCOPE, ordered, counted));
    }

    private void insert() {
        bus.jdbc()
                .update("INSERT INTO event_queue (topic, payload, subscription, ordering_key)"
                        + " VALUES ('a', '1', 's', 'k')");
    }
}
