package io.pgevents.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgevents.dispatch.Claimer.Batch;
import io.pgevents.queue.ClaimedEvent;
import io.pgevents.queue.Claims;
import io.pgevents.queue.Claims.Beginning;
import io.pgevents.queue.Claims.SubscriptionScope;
import io.pgevents.queue.Claims.WindowEntry;
import io.pgevents.subscription.SubscriptionSettings.Order;
import io.pgevents.support.TestBus;
import io.pgevents.support.TestPostgres;
import io.pgevents.support.TestSettings;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OrderedClaimerIntegrationTests {

    private static final SubscriptionScope SCOPE = new SubscriptionScope("s", null, 3);

    private final TestBus bus = new TestBus(TestPostgres.newDatabaseUrl());
    private final Claims claims = new Claims(bus.pool(), bus.schema());
    private final Duty strictClaims = new Duty(4, Duration.ofMinutes(1));
    private final Floor floor = Floor.ofWindows(claims.now());
    private final Claimer claimer =
            new OrderedClaimer(claims, SCOPE, floor, TestSettings.order(Order.KEY), strictClaims);

    @AfterEach
    void close() {
        bus.close();
    }

    /** The window has passed all five: only the key that was not finished leads to the last three. */
    @Test
    void goesOnWithAKeyOfWhichNoEventCouldBeHandled() {
        insert(1, 5);
        Batch first = bus.transaction().execute(status -> {
            Batch batch = claimer.claim(2);
            batch.events()
                    .forEach(event ->
                            bus.jdbc().update("UPDATE event_queue SET status = 'failed' WHERE id = ?", event.id()));
            return batch;
        });
        assertThat(payloads(first)).containsExactly("1", "2");
        claimer.finished(first.with(List.of()));
        Batch second = bus.transaction().execute(status -> claimer.claim(2));
        assertThat(payloads(second)).containsExactly("3", "4");
    }

    @Test
    void goesBackToAnEventThatCameLate() {
        insert(11, 13);
        Batch first = bus.transaction().execute(status -> claimAndDelete(2));
        claimer.finished(first);
        insert(5, 5);
        Batch second = bus.transaction().execute(status -> claimer.claim(2));
        assertThat(payloads(first)).containsExactly("11", "12");
        assertThat(payloads(second)).containsExactly("5", "13");
    }

    /** The first event has come late, and another consumer has tried it. */
    @Test
    void looksAtTheWholeKeyOnlyAsLongAsThatIsCheap() {
        insert(11, 12);
        claimer.finished(bus.transaction().execute(status -> claimAndDelete(10)));
        assertThat(bus.count("pending")).isZero();
        insert(5, 5);
        bus.jdbc().update("UPDATE event_queue SET attempt_count = 1, process_at = process_at + interval '1 hour'");
        insert(13, 13);
        Batch strict = bus.transaction().execute(status -> claimer.claim(10));
        assertThat(payloads(strict)).isEmpty();
        strictClaims.took(Duration.ofMinutes(2));
        insert(14, 14);
        Batch quick = bus.transaction().execute(status -> claimer.claim(10));
        assertThat(payloads(quick)).containsExactly("13", "14");
    }

    /** Its attempt has been counted before it was made, after a crash; only a failure lets its key go on without it. */
    @Test
    void onlyAFailedEventStepsAside() {
        Claimer skipping =
                new OrderedClaimer(claims, SCOPE, floor, TestSettings.order(Order.KEY_SKIP_FAILED), strictClaims);
        insert(1, 1);
        bus.jdbc().update("UPDATE event_queue SET attempt_count = 1, process_at = process_at + interval '1 hour'");
        insert(2, 2);
        assertThat(payloads(bus.transaction().execute(status -> skipping.claim(10))))
                .isEmpty();
        bus.jdbc().update("UPDATE event_queue SET last_error = 'x' WHERE attempt_count = 1");
        floor.wantSweep();
        assertThat(payloads(bus.transaction().execute(status -> skipping.claim(10))))
                .containsExactly("2");
    }

    @Test
    void countsOnlyWhatTheStartOfKeysTakes() {
        Duty dear = new Duty(1_000_000, Duration.ZERO);
        Claimer careful =
                new OrderedClaimer(claims, SCOPE, Floor.ofWindows(claims.now()), TestSettings.order(Order.KEY), dear);
        insert(1, 3);
        bus.transaction().executeWithoutResult(status -> careful.finished(claimAndDelete(careful, 10)));
        assertThat(dear.isDue()).isTrue();
        insert(4, 4);
        bus.transaction().executeWithoutResult(status -> careful.finished(claimAndDelete(careful, 10)));
        assertThat(dear.isDue()).isFalse();
    }

    @Test
    void tellsEventsApartThatSomebodyHasLocked() {
        insert(1, 3);
        bus.transaction().executeWithoutResult(status -> {
            bus.jdbc().execute("SELECT FROM event_queue WHERE id = 2 FOR UPDATE");
            assertThat(claims.window(SCOPE, new Beginning(Floor.beginning(), Duration.ZERO), 10))
                    .extracting(WindowEntry::isLocked)
                    .containsExactly(false, true, false);
        });
    }

    /** Longer than a window, and than what sweeps look at. */
    @Test
    void handlesABacklogFromBeforeTheStartInOneGo() {
        bus.jdbc()
                .update("INSERT INTO event_queue (topic, payload, subscription, ordering_key)"
                        + " SELECT 'a', '{}', 's', n FROM generate_series(1, 6000) AS n");
        Claimer late = new OrderedClaimer(
                claims, SCOPE, Floor.ofWindows(claims.now()), TestSettings.order(Order.KEY), strictClaims);
        for (int i = 0; i < 100 && bus.count("pending") > 0; i++) {
            bus.transaction().executeWithoutResult(status -> {
                Batch batch = claimAndDelete(late, 500);
                assertThat(batch.outcome()).isNotEqualTo(Outcome.IDLE);
                late.finished(batch);
            });
        }
        assertThat(bus.count("pending")).isZero();
    }

    private void insert(int first, int last) {
        bus.jdbc()
                .update(
                        "INSERT INTO event_queue (id, topic, payload, subscription, ordering_key)"
                                + " SELECT n, 'a', to_jsonb(n), 's', 'k' FROM generate_series(?, ?) AS n",
                        first,
                        last);
    }

    private Batch claimAndDelete(int limit) {
        return claimAndDelete(claimer, limit);
    }

    private Batch claimAndDelete(Claimer by, int limit) {
        Batch batch = by.claim(limit);
        batch.events().forEach(event -> bus.jdbc().update("DELETE FROM event_queue WHERE id = ?", event.id()));
        return batch;
    }

    private static List<String> payloads(Batch batch) {
        return batch.events().stream()
                .map(ClaimedEvent::event)
                .map(event -> event.payload())
                .toList();
    }
}
