package io.pgevents.dispatch;

import static org.assertj.core.api.Assertions.assertThatCode;

import io.pgevents.queue.ClaimedEvent;
import io.pgevents.support.Threads;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jetbrains.lincheck.Lincheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Lincheck runs the renewal beside the workers, in many orders of their accesses to shared memory. The database is the
 * owner of one event.
 */
@Timeout(120)
class LeasesModelTests {

    private static final int ORDERS = 200;
    private static final Duration LEASE = Duration.ofHours(1);
    private static final ClaimedEvent FIRST = LeasesTests.ownedBy("first");
    private static final ClaimedEvent SECOND = LeasesTests.ownedBy("second");

    private final AtomicReference<String> owner = new AtomicReference<>("first");
    private final Leases leases = new Leases(this::renew, "test");

    private Set<Long> renew(List<ClaimedEvent> events, Duration duration) {
        String now = owner.get();
        return events.stream()
                .filter(each -> Objects.equals(each.owner(), now))
                .map(ClaimedEvent::id)
                .collect(Collectors.toSet());
    }

    /** Half of the lease is over. */
    private void hold(ClaimedEvent event) {
        leases.hold(List.of(event), LEASE, System.nanoTime() - LEASE.toNanos() / 2);
    }

    @Test
    void keepsALaterClaimAndForgetsTheFormerWhateverIsRenewedMeanwhile() {
        assertThatCode(() -> Lincheck.runConcurrentTest(ORDERS, () -> new LeasesModelTests().claimAgain()))
                .doesNotThrowAnyException();
    }

    @Test
    void bringsNothingBackThatWasReleasedDuringTheRenewal() {
        assertThatCode(() -> Lincheck.runConcurrentTest(ORDERS, () -> new LeasesModelTests().releaseWhileRenewed()))
                .doesNotThrowAnyException();
    }

    private void claimAgain() {
        hold(FIRST);
        Threads others = new Threads();
        others.execute(leases::renewDue);
        others.execute(() -> leases.release(List.of(FIRST)));
        owner.set("second");
        hold(SECOND);
        others.join();
        if (!leases.holds(SECOND) || leases.holds(FIRST)) {
            throw new IllegalStateException("The second claim is lost, or the first is still held");
        }
    }

    private void releaseWhileRenewed() {
        hold(FIRST);
        Threads keeper = new Threads();
        keeper.execute(leases::renewDue);
        leases.release(List.of(FIRST));
        keeper.join();
        if (leases.holds(FIRST)) {
            throw new IllegalStateException("What was released is held");
        }
    }
}
