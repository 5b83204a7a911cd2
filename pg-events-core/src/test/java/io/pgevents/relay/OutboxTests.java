package io.pgevents.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgevents.live.LiveCursor;
import io.pgevents.live.LiveEvent;
import io.pgevents.relay.Outbox.Position;
import io.pgevents.relay.RelayStream.Overflow;
import io.pgevents.relay.RelayStream.Queue;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OutboxTests {

    private final Budget budget = new Budget(10_000);

    @Test
    void tellsOfAGapBehindWhatWaitsAndBeforeWhatFollows() {
        Outbox outbox = outbox(Overflow.DROP_OLDEST, 10);
        offer(outbox, 1, null);
        offer(outbox, 2, null);
        outbox.gap();
        outbox.gap();
        offer(outbox, 3, null);
        outbox.gap();
        assertThat(take(outbox)).containsExactly("1@1", "2@2", "gap", "3@3", "gap");
    }

    @Test
    void tellsOfOneGapWhereAnotherOneWasInFront() {
        Outbox outbox = outbox(Overflow.DROP_OLDEST, 3);
        offer(outbox, 1, null);
        outbox.gap();
        IntStream.rangeClosed(2, 4).forEach(i -> offer(outbox, i, null));
        assertThat(take(outbox)).containsExactly("gap@1", "2@2", "3@3", "4@4");
        outbox.gap();
        assertThat(take(outbox)).as("no older cursor").containsExactly("gap");
    }

    @Test
    void namesAtTheGapOfAReplayWhereThatEnded() {
        Outbox outbox = outbox(Overflow.DROP_OLDEST, 10);
        outbox.beginReplay();
        offer(outbox, 1, null);
        outbox.gap();
        assertThat(outbox.endReplay()).isTrue();
        outbox.resumedAt(new LiveCursor("3"));
        assertThat(take(outbox)).containsExactly("1@1", "gap@3");
        outbox.gap();
        assertThat(take(outbox)).containsExactly("gap");
    }

    @Test
    void namesWhereAReplayEndedAtNoLaterGap() {
        Outbox outbox = outbox(Overflow.DROP_OLDEST, 10);
        outbox.beginReplay();
        assertThat(budget.take(10_000)).isTrue();
        offer(outbox, 1, null);
        budget.giveBack(10_000);
        assertThat(outbox.endReplay()).isTrue();
        outbox.resumedAt(new LiveCursor("1"));
        offer(outbox, 2, null);
        assertThat(take(outbox)).containsExactly("gap@1", "2@2");
        outbox.gap();
        assertThat(take(outbox)).as("no older cursor").containsExactly("gap");
    }

    @Test
    void keepsEveryEventThatHasNoKeyWhereOnlyTheLatestOfAKeyCounts() {
        Outbox outbox = outbox(Overflow.LATEST_PER_KEY, 3);
        offer(outbox, 1, null);
        offer(outbox, 2, "k");
        offer(outbox, 3, null);
        offer(outbox, 4, "k");
        assertThat(take(outbox)).containsExactly("1@1", "4", "3@3");
        IntStream.rangeClosed(5, 9).forEach(i -> offer(outbox, i, null));
        assertThat(take(outbox)).containsExactly("gap@6", "7@7", "8@8", "9@9");
    }

    @Test
    void countsTheTimeOfAClientThatHadEverythingFromTheNextFrameOn() {
        Outbox outbox = outbox(Overflow.DROP_OLDEST, 10);
        outbox.attached();
        assertThat(take(outbox)).isEmpty();
        long later = System.nanoTime();
        outbox.heartbeat();
        assertThat(outbox.isStuckSince(later)).isFalse();
        assertThat(outbox.isStuckSince(System.nanoTime() + 1)).isTrue();
    }

    @Test
    void countsNoTimeBeforeThereIsSomebodyWhoTakesTheFrames() {
        Outbox outbox = outbox(Overflow.DROP_OLDEST, 10);
        offer(outbox, 1, null);
        assertThat(outbox.isStuckSince(System.nanoTime() + 1)).isFalse();
        outbox.attached();
        assertThat(outbox.isStuckSince(System.nanoTime() + 1)).isTrue();
    }

    @Test
    void countsWhatIsSentFirstAndGivesAllBack() {
        Outbox outbox = outbox(Overflow.DROP_OLDEST, 10);
        assertThat(outbox.open(new byte[6000])).isTrue();
        assertThat(outbox.open(new byte[6000])).isFalse();
        offer(outbox, 1, null);
        assertThat(budget.used()).isEqualTo(6003);
        assertThat(outbox.poll(Position.UNKNOWN)).hasSize(6000);
        assertThat(budget.used()).isEqualTo(3);
        assertThat(outbox.open(new byte[6000])).isTrue();
        outbox.end(new byte[7]);
        assertThat(budget.used()).isZero();
        assertThat(outbox.poll(Position.UNKNOWN)).hasSize(7);
        assertThat(outbox.isEnded()).isTrue();
    }

    private Outbox outbox(Overflow overflow, int capacity) {
        return new Outbox(new TextFrames(), new Queue(overflow, capacity, 1000), budget);
    }

    private static void offer(Outbox outbox, int number, @Nullable String key) {
        LiveCursor cursor = new LiveCursor("" + number);
        outbox.offer(new RelayEvent(
                new LiveEvent(UUID.randomUUID(), "a", null, key, Map.of(), "" + number, Instant.EPOCH, cursor),
                number));
    }

    private static List<String> take(Outbox outbox) {
        List<String> frames = new ArrayList<>();
        for (byte[] frame = outbox.poll(Position.UNKNOWN); frame != null; frame = outbox.poll(Position.UNKNOWN)) {
            frames.add(new String(frame, StandardCharsets.UTF_8));
        }
        return frames;
    }
}
