package io.pgevents.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgevents.queue.ClaimedEvent;
import io.pgevents.queue.Settlements;
import io.pgevents.schema.EventSchema;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** A renewal reads the leases, asks the database and writes the leases: everything else may happen in between. */
class LeasesTests {

    private static final Duration LEASE = Duration.ofHours(1);
    private static final ClaimedEvent FIRST = ownedBy("first");
    private static final ClaimedEvent SECOND = ownedBy("second");
    private static final List<Long> OURS = List.of(FIRST.id());
    private static final List<Long> LOST = List.of();

    private final AtomicReference<Runnable> meanwhile = new AtomicReference<>(() -> {});
    private final AtomicInteger queries = new AtomicInteger();

    static ClaimedEvent ownedBy(String owner) {
        ClaimedEvent event = FloorTests.event(1);
        return new ClaimedEvent(event.event(), 1, event.position(), null, owner);
    }

    /** Leases of which the first is to be renewed. */
    private Leases leases(List<Long> renewed) {
        AnsweringDatabase database = new AnsweringDatabase(renewed, () -> {
            queries.incrementAndGet();
            meanwhile.get().run();
        });
        Settlements settlements = new Settlements(database.dataSource(), new EventSchema("public"), true);
        Leases leases = new Leases(settlements::renew, "test");
        hold(leases, FIRST);
        return leases;
    }

    private static void hold(Leases leases, ClaimedEvent event) {
        leases.hold(List.of(event), LEASE, System.nanoTime() - LEASE.toNanos() / 2);
    }

    @Test
    void renewsALeaseOnceAThirdOfItIsOver() {
        Leases leases = leases(OURS);
        leases.renewDue();
        leases.renewDue();
        assertThat(queries).hasValue(1);
        assertThat(leases.holds(FIRST)).isTrue();
    }

    @Test
    void knowsThatALeaseIsLost() {
        Leases leases = leases(LOST);
        leases.renewDue();
        assertThat(leases.holds(FIRST)).isFalse();
    }

    @Test
    void holdsNoLeaseOfAnotherClaimOrWhoseTimeIsOver() {
        Leases leases = leases(OURS);
        assertThat(leases.holds(SECOND)).isFalse();
        leases.hold(List.of(SECOND), LEASE, System.nanoTime() - LEASE.toNanos());
        assertThat(leases.holds(SECOND)).isFalse();
    }

    @Test
    void renewsNothingThatWasReleasedMeanwhile() {
        Leases leases = leases(OURS);
        meanwhile.set(() -> leases.release(List.of(FIRST)));
        leases.renewDue();
        leases.renewDue();
        assertThat(leases.holds(FIRST)).isFalse();
        assertThat(queries).hasValue(1);
    }

    @Test
    void leavesALaterClaimAloneThatCameDuringTheRenewalOfTheFormer() {
        for (List<Long> renewed : List.of(OURS, LOST)) {
            Leases leases = leases(renewed);
            meanwhile.set(() -> {
                leases.release(List.of(FIRST));
                hold(leases, SECOND);
            });
            leases.renewDue();
            assertThat(leases.holds(SECOND)).isTrue();
        }
    }

    @Test
    void releasesNoLeaseOfALaterClaim() {
        Leases leases = leases(OURS);
        hold(leases, SECOND);
        leases.release(List.of(FIRST));
        assertThat(leases.holds(SECOND)).isTrue();
    }
}
