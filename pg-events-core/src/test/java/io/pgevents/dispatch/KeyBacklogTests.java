package io.pgevents.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgevents.dispatch.KeyBacklog.Place;
import io.pgevents.queue.Claims.KeyRun;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KeyBacklogTests {

    private final KeyBacklog backlog = new KeyBacklog();

    private Map<String, KeyRun> take(int events) {
        return backlog.runs(backlog.take(events), true);
    }

    private Map<String, KeyRun> takeAll() {
        Map<String, KeyRun> all = new HashMap<>();
        while (!backlog.isEmpty()) {
            all.putAll(take(100));
        }
        return all;
    }

    private Map<String, KeyRun> takeFromMarks(int events) {
        return backlog.runs(backlog.take(events), false);
    }

    @Test
    void givesTheLongestRememberedFirstAndForgetsIt() {
        backlog.add("a", Place.seen(7));
        backlog.add("b", Place.after(5, 1));
        assertThat(take(1)).containsExactly(Map.entry("a", new KeyRun(-1, 1)));
        assertThat(take(1)).containsExactly(Map.entry("b", new KeyRun(5, 1)));
        assertThat(backlog.isEmpty()).isTrue();
    }

    @Test
    void givesFewKeysLongRuns() {
        backlog.add("a", Place.UNKNOWN);
        backlog.add("b", Place.after(5, 1));
        backlog.add("c", Place.seen(5));
        assertThat(take(100).values()).extracting(KeyRun::length).containsExactly(33, 33, 33);
    }

    @Test
    void givesEveryOtherTurnToTheKeysThatAreBehindTheFurthestFirst() {
        backlog.add("near", Place.after(500, 4));
        backlog.add("far", Place.after(20, 8));
        for (int i = 0; i < 200; i++) {
            backlog.add("k" + i, Place.seen(1000));
        }
        assertThat(take(10)).hasSize(3).containsEntry("far", new KeyRun(20, 8)).doesNotContainKey("near");
        backlog.add("far", Place.after(28, 16));
        assertThat(take(10)).hasSize(10).doesNotContainKeys("near", "far");
        assertThat(take(10)).containsExactly(Map.entry("far", new KeyRun(28, 10)));
        assertThat(take(10)).hasSize(10).doesNotContainKey("near");
        assertThat(take(10)).hasSize(7).containsEntry("near", new KeyRun(500, 4));
    }

    /** Each key is a lock in the memory that all sessions of the server share. */
    @Test
    void givesNoMoreThanAHundredKeys() {
        for (int i = 0; i < 500; i++) {
            backlog.add("k" + i, Place.seen(1));
        }
        assertThat(take(1_000))
                .hasSize(100)
                .allSatisfy((key, run) -> assertThat(run.length()).isEqualTo(10));
    }

    @Test
    void keepsTheTurnOfAKeyThatIsSeenAgain() {
        backlog.add("a", Place.seen(1));
        backlog.add("b", Place.seen(2));
        backlog.add("a", Place.seen(3));
        assertThat(take(1)).containsOnlyKeys("a");
    }

    @Test
    void neverGoesOnAfterAnEventThatWasFreedAgain() {
        backlog.add("a", Place.after(9, 1));
        backlog.add("a", Place.after(2, 1));
        backlog.add("a", Place.after(7, 1));
        assertThat(take(1)).containsEntry("a", new KeyRun(2, 1));
    }

    @Test
    void goesOnWhereItWasIfOnlyLaterEventsWereSeen() {
        backlog.add("a", Place.seen(12));
        backlog.add("a", Place.UNKNOWN);
        backlog.add("a", Place.after(9, 1));
        assertThat(take(1)).containsEntry("a", new KeyRun(9, 1));
    }

    @Test
    void looksAtAllOfAKeyOfWhichAnEventHasComeLate() {
        backlog.add("a", Place.after(9, 1));
        backlog.add("a", Place.seen(9));
        assertThat(take(1)).containsEntry("a", new KeyRun(-1, 1));
    }

    @Test
    void looksAtAllOfAKeyThatAnotherHasHeldMeanwhile() {
        backlog.add("a", Place.after(9, 4).outdated());
        assertThat(take(1)).containsEntry("a", new KeyRun(-1, 1));
    }

    @Test
    void doesNotForgetALateEventWhileItsOwnConsumerHasTheKey() {
        backlog.add("a", Place.seen(5).outdated());
        backlog.add("a", Place.after(9, 1));
        assertThat(take(1)).containsEntry("a", new KeyRun(-1, 1));
    }

    @Test
    void goesOnWhereItsOwnConsumerWasAlthoughItFoundTheKeyTaken() {
        backlog.add("a", Place.seen(12).outdated());
        backlog.add("a", Place.after(9, 1));
        assertThat(take(1)).containsEntry("a", new KeyRun(9, 1));
    }

    @Test
    void goesOnWhereAKeyWasHandledIfItsStartIsTooFar() {
        backlog.handled("a", 9, 0);
        backlog.add("a", Place.seen(12));
        backlog.add("b", Place.seen(12));
        assertThat(backlog.runs(Map.of("a", Place.seen(12)), true)).containsEntry("a", new KeyRun(-1, 1));
        assertThat(takeFromMarks(2)).containsEntry("a", new KeyRun(9, 1)).containsEntry("b", new KeyRun(-1, 1));
    }

    @Test
    void goesBackToALateEventAlsoIfTheStartIsTooFar() {
        backlog.handled("a", 9, 0);
        backlog.add("a", Place.seen(7));
        assertThat(takeFromMarks(1)).containsEntry("a", new KeyRun(6, 1));
        backlog.add("a", Place.UNKNOWN);
        assertThat(takeFromMarks(1)).containsEntry("a", new KeyRun(6, 1));
        backlog.handled("a", 12, backlog.now());
        backlog.add("a", Place.UNKNOWN);
        assertThat(takeFromMarks(1)).containsEntry("a", new KeyRun(12, 1));
    }

    /** Another worker has claimed without it, and comes to its end only now. */
    @Test
    void doesNotPassALateEventThatWasSeenDuringAClaim() {
        backlog.handled("a", 9, 0);
        long begun = backlog.now();
        backlog.add("a", Place.seen(7));
        Map<String, Place> taken = backlog.take(1);
        backlog.handled("a", 12, begun);
        assertThat(backlog.runs(taken, false)).containsEntry("a", new KeyRun(6, 1));
        backlog.add("a", Place.after(12, 2));
        backlog.add("a", Place.seen(7));
        assertThat(takeFromMarks(1)).containsEntry("a", new KeyRun(6, 1));
        backlog.add("a", Place.UNKNOWN);
        assertThat(takeFromMarks(1)).containsEntry("a", new KeyRun(6, 1));
    }

    @Test
    void doesNotPassAnEventThatWasSeenDuringTheFirstClaimOfAKey() {
        long begun = backlog.now();
        backlog.add("a", Place.seen(7));
        backlog.take(1);
        backlog.handled("a", 12, begun);
        backlog.add("a", Place.UNKNOWN);
        assertThat(takeFromMarks(1)).containsEntry("a", new KeyRun(-1, 1));
    }

    @Test
    void knowsWhereTheTenThousandKeysWereThatWereUsedLast() {
        for (int i = 0; i <= 10_000; i++) {
            backlog.handled("k" + i, 9, 0);
        }
        backlog.add("k0", Place.UNKNOWN);
        backlog.add("k1", Place.UNKNOWN);
        assertThat(takeFromMarks(2)).containsEntry("k0", new KeyRun(-1, 1)).containsEntry("k1", new KeyRun(9, 1));
    }

    @Test
    void looksAtAllOfAKeyThatItHasNotHeld() {
        backlog.add("a", Place.UNKNOWN);
        assertThat(take(1)).containsEntry("a", new KeyRun(-1, 1));
    }

    @Test
    void goesBackAlsoWhenItIsFull() {
        for (int i = 0; i < 10_000; i++) {
            backlog.add("k" + i, Place.after(100, 1));
        }
        backlog.add("one too many", Place.seen(1));
        backlog.add("k0", Place.after(7, 1));
        assertThat(take(1)).containsEntry("k0", new KeyRun(7, 1));
        assertThat(takeAll()).hasSize(9_999).doesNotContainKey("one too many");
    }

    @Test
    void saysWhenItIsLongBeforeItForgets() {
        int added = 0;
        while (!backlog.isLong()) {
            backlog.add("k" + added++, Place.UNKNOWN);
        }
        assertThat(added).isLessThan(10_000);
        assertThat(takeAll()).hasSize(added);
    }
}
