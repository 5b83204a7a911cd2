package io.pgevents.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgevents.EventMetadata;
import io.pgevents.Priority;
import io.pgevents.queue.ClaimedEvent;
import io.pgevents.queue.ClaimedEvent.Position;
import io.pgevents.queue.Claims.WindowEntry;
import io.pgevents.subscription.EventHandler.RawEvent;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FloorTests {

    private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");

    private static final Position STARTED = new Position(T0.atOffset(ZoneOffset.UTC), -1);

    private final Floor floor = Floor.ofBatches(STARTED);

    static ClaimedEvent event(long id) {
        return event(id, 0, 3);
    }

    static ClaimedEvent event(long id, int attempts, int maxAttempts) {
        Instant at = T0.plusSeconds(id);
        EventMetadata metadata = new EventMetadata(
                id,
                new UUID(0, id),
                "t",
                "s",
                null,
                null,
                Map.of(),
                Priority.NORMAL,
                attempts + 1,
                maxAttempts,
                at,
                at);
        return new ClaimedEvent(
                new RawEvent(metadata, "{}"), attempts, new Position(at.atOffset(ZoneOffset.UTC), id), null, null);
    }

    private static OffsetDateTime at(long id) {
        return T0.plusSeconds(id).atOffset(ZoneOffset.UTC);
    }

    private Position reached() {
        return floor.reached().get(Priority.NORMAL);
    }

    @BeforeEach
    void takeTheFirstSweep() {
        floor.claimed(floor.begin(), List.of(), false);
    }

    @Test
    void beginsWhereTheLastClaimEnded() {
        floor.claimed(floor.begin(), List.of(event(1), event(7)), true);
        assertThat(floor.begin().from().get(Priority.NORMAL)).isEqualTo(new Position(at(7), 7));
        assertThat(floor.begin().from().get(Priority.HIGH)).isEqualTo(STARTED);
    }

    @Test
    void looksForWhatWasThereBeforeTheStartWithTheFirstSweepOnly() {
        Floor fresh = Floor.ofBatches(STARTED);
        Floor.Scan sweep = fresh.begin();
        Floor.Scan beside = fresh.begin();
        assertThat(sweep.from().values()).containsOnly(Position.START);
        assertThat(beside.from().values()).containsOnly(STARTED);
    }

    @Test
    void beginsBeforeWhatWasRolledBack() {
        floor.claimed(floor.begin(), List.of(event(1), event(7)), true);
        floor.retreat(List.of(event(7), event(3)));
        assertThat(reached()).isEqualTo(new Position(at(3), 2));
    }

    @Test
    void doesNotPassWhatWasRolledBackWhileAnotherClaimRan() {
        floor.claimed(floor.begin(), List.of(event(5)), true);
        Floor.Scan other = floor.begin();
        floor.retreat(List.of(event(5)));
        floor.claimed(other, List.of(event(9)), true);
        assertThat(reached()).isEqualTo(new Position(at(5), 4));
    }

    @Test
    void continuesASweepThatWasFull() {
        floor.wantSweep();
        Floor.Scan sweep = floor.begin();
        assertThat(sweep.isSweep()).isTrue();
        floor.claimed(sweep, List.of(event(1), event(2)), true);
        Floor.Scan next = floor.begin();
        assertThat(next.isSweep()).isTrue();
        assertThat(next.from().get(Priority.NORMAL)).isEqualTo(new Position(at(2), 2));
        floor.claimed(next, List.of(), false);
        floor.wantSweep();
        assertThat(floor.begin().from().get(Priority.NORMAL)).isEqualTo(Position.START);
    }

    @Test
    void continuesASweepBehindWhatIsMoreUrgent() {
        floor.wantSweep();
        floor.claimed(floor.begin(), List.of(event(3)), true);
        Floor.Scan next = floor.begin();
        assertThat(next.kind()).isEqualTo(Floor.Kind.CONTINUATION);
        assertThat(next.from())
                .containsEntry(Priority.HIGH, STARTED)
                .containsEntry(Priority.NORMAL, new Position(at(3), 3))
                .containsEntry(Priority.LOW, Position.START);
    }

    /** What stayed behind does not wait for the end of a long backlog, nor for those that go on with it meanwhile. */
    @Test
    void sweepsFromTheStartDuringABacklog() {
        floor.wantSweep();
        floor.claimed(floor.begin(), List.of(event(5)), true);
        floor.claimed(floor.begin(), List.of(event(6)), true);
        Floor.Scan before = floor.begin();
        floor.wantSweep();
        Floor.Scan sweep = floor.begin();
        assertThat(sweep.from().values()).containsOnly(Position.START);
        assertThat(sweep.from().keySet()).containsExactly(Priority.HIGH, Priority.NORMAL, Priority.LOW);
        assertThat(floor.begin().from().get(Priority.NORMAL)).isEqualTo(new Position(at(6), 6));
        floor.claimed(sweep, List.of(event(1), event(2)), true);
        floor.claimed(before, List.of(event(7)), true);
        assertThat(floor.begin().from().get(Priority.NORMAL)).isEqualTo(new Position(at(2), 2));
    }

    @Test
    void goesOnWithASweepAlthoughTheLastOneHasEndedMeanwhile() {
        floor.wantSweep();
        floor.claimed(floor.begin(), List.of(event(5)), true);
        Floor.Scan before = floor.begin();
        floor.wantSweep();
        floor.claimed(floor.begin(), List.of(event(1), event(2)), true);
        floor.claimed(before, List.of(event(7)), false);
        Floor.Scan next = floor.begin();
        assertThat(next.kind()).isEqualTo(Floor.Kind.CONTINUATION);
        assertThat(next.from().get(Priority.NORMAL)).isEqualTo(new Position(at(2), 2));
    }

    /** Where windows lead through a backlog, they have to see it. */
    @Test
    void beginsAtTheStartUntilASweepHasSeenAll() {
        Floor windows = Floor.ofWindows(STARTED);
        windows.looked(windows.begin(), entries(Priority.NORMAL, -2), true);
        assertThat(windows.begin().from())
                .containsEntry(Priority.HIGH, STARTED)
                .containsEntry(Priority.NORMAL, new Position(at(-2), -2))
                .containsEntry(Priority.LOW, Position.START);
        windows.wantSweep();
        windows.looked(windows.begin(), List.of(), false);
        assertThat(windows.reached().values()).containsOnly(STARTED);
    }

    /** Where handlers fail all the time, every sweep may be late. */
    @Test
    void beginsAgainAtTheStartAfterALateSweepOfWindows() {
        Floor windows = Floor.ofWindows(STARTED);
        windows.looked(windows.begin(), entries(Priority.NORMAL, 5), true);
        windows.wantSweep();
        Floor.Scan late = windows.begin();
        windows.retreat(List.of(event(7)));
        windows.looked(late, List.of(), false);
        windows.wantSweep();
        assertThat(windows.begin().from().values()).containsOnly(Position.START);
    }

    private static List<WindowEntry> entries(Priority priority, long id) {
        return List.of(new WindowEntry("k", priority, new Position(at(id), id), false));
    }

    @Test
    void sweepsOnceMoreAfterABacklog() {
        floor.wantSweep();
        floor.claimed(floor.begin(), List.of(event(5)), true);
        floor.claimed(floor.begin(), List.of(event(6)), false);
        assertThat(floor.untilNextLook()).isNotNull();
    }

    /** The sweep goes on beyond them; so either it goes back, or the floor stays before them. */
    @Test
    void doesNotPassWhatWasRolledBackDuringASweepThatWasFull() {
        floor.wantSweep();
        floor.claimed(floor.begin(), List.of(event(1), event(2)), true);
        floor.retreat(List.of(event(1), event(2)));
        Floor.Scan next = floor.begin();
        Position from = next.from().get(Priority.NORMAL);
        floor.claimed(next, List.of(event(3)), false);
        assertThat(Position.min(from, reached())).isLessThan(new Position(at(1), 1));
    }

    @Test
    void continuesASweepBeforeWhatWasRolledBack() {
        floor.wantSweep();
        floor.claimed(floor.begin(), List.of(event(5), event(7)), true);
        floor.retreat(List.of(event(5), event(7)));
        assertThat(floor.begin().from().get(Priority.NORMAL)).isEqualTo(new Position(at(5), 4));
    }

    @Test
    void continuesASweepBeforeWhatWasRolledBackWhileItRan() {
        floor.wantSweep();
        floor.claimed(floor.begin(), List.of(event(5)), true);
        Floor.Scan sweep = floor.begin();
        floor.retreat(List.of(event(5)));
        floor.claimed(sweep, List.of(event(9)), true);
        assertThat(floor.begin().from().get(Priority.NORMAL)).isEqualTo(new Position(at(5), 4));
    }

    /** A sweep may take longer than the server allows; what the claims between look at may not. */
    @Test
    void claimsWithoutASweepUntilOneThatFailedIsDueAgain() {
        floor.wantSweep();
        floor.failed(floor.begin());
        assertThat(floor.begin().isSweep()).isFalse();
        assertThat(floor.untilNextLook()).isBetween(Duration.ZERO, Duration.ofMillis(500));
    }

    @Test
    void leavesWhatIsBeforeTheStartToSweepsIfOneTookLongAndFailed() {
        Floor windows = Floor.ofWindows(STARTED);
        Floor.Scan sweep = windows.begin();
        long before = System.nanoTime() - Duration.ofSeconds(30).toNanos();
        windows.failed(new Floor.Scan(sweep.from(), sweep.kind(), before, sweep.setbacks()));
        assertThat(windows.begin().from().values()).containsOnly(STARTED);
    }

    @Test
    void continuesNoSweepAfterAFailure() {
        floor.wantSweep();
        floor.claimed(floor.begin(), List.of(event(5)), true);
        Floor.Scan before = floor.begin();
        floor.failed(floor.begin());
        assertThat(floor.begin().isSweep()).isFalse();
        floor.claimed(before, List.of(event(9)), true);
        floor.wantSweep();
        assertThat(floor.begin().from().get(Priority.NORMAL)).isEqualTo(Position.START);
    }

    @Test
    void looksBackUnlessThatWasDear() {
        Floor fresh = Floor.ofBatches(STARTED);
        fresh.claimed(fresh.begin(), List.of(), false);
        Floor.Scan cheap = fresh.begin();
        assertThat(cheap.kind()).isEqualTo(Floor.Kind.LOOKING_BACK);
        assertThat(cheap.beginning().lookBack()).isPositive();
        Floor.Scan dear = new Floor.Scan(
                cheap.from(), cheap.kind(), System.nanoTime() - TimeUnit.HOURS.toNanos(1), cheap.setbacks());
        fresh.claimed(dear, List.of(), false);
        assertThat(fresh.untilNextLook()).isNull();
        Floor.Scan plain = fresh.begin();
        assertThat(plain.kind()).isEqualTo(Floor.Kind.PLAIN);
        assertThat(plain.beginning().lookBack()).isZero();
        fresh.claimed(plain, List.of(), false);
        assertThat(fresh.untilNextLook()).isBetween(Duration.ofSeconds(5), Duration.ofSeconds(10));
    }

    @Test
    void asksForASweepBeforeAllIsQuiet() {
        assertThat(floor.untilNextLook()).isNull();
        floor.unsettle();
        floor.claimed(floor.begin(), List.of(), false);
        assertThat(floor.untilNextLook()).isNotNull();
        floor.wantSweep();
        floor.claimed(floor.begin(), List.of(), false);
        assertThat(floor.untilNextLook()).isNull();
    }

    @Test
    void sweepsNotAllTheTime() {
        int sweeps = 0;
        long begun = System.nanoTime();
        for (int i = 0; i < 1000; i++) {
            Floor.Scan scan = floor.begin();
            sweeps += scan.isSweep() ? 1 : 0;
            floor.claimed(scan, List.of(), false);
        }
        long halfSeconds = Duration.ofNanos(System.nanoTime() - begun).toMillis() / 500;
        assertThat((long) sweeps).isLessThanOrEqualTo(1 + halfSeconds);
    }
}
