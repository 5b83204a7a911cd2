package io.pgevents.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgevents.live.LogPage.Row;
import io.pgevents.subscription.TopicPattern;
import io.pgevents.support.LiveRecorder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SubscriberTests {

    private static final Snapshot BEFORE = Snapshot.of("10:12:10");
    private static final Snapshot REPLAYED = Snapshot.of("13:14:13");
    private static final Snapshot AFTER = Snapshot.of("20:20:");

    private final LiveRecorder live = new LiveRecorder();
    private final Subscriber subscriber =
            new Subscriber(new TopicFilter(List.of(new TopicPattern("t"), new TopicPattern("a.#"))), live, () -> {});

    private static Row row(long transaction, String topic) {
        LiveEvent event = new LiveEvent(
                UUID.randomUUID(),
                topic,
                null,
                null,
                Map.of(),
                String.valueOf(transaction),
                Instant.EPOCH,
                new LiveCursor("of the tail"));
        return new Row(transaction, 1, event);
    }

    @Test
    void whatTheTailFindsWaitsForTheEndOfTheReplayAndComesOnce() {
        subscriber.hear(row(10, "t"), BEFORE, AFTER);
        subscriber.hear(row(13, "t"), BEFORE, AFTER);
        subscriber.replayIs(REPLAYED);
        assertThat(live.events()).isEmpty();
        subscriber.endReplay();
        assertThat(live.payloads()).as("10 was replayed").containsExactly("13");
        subscriber.hear(row(12, "t"), BEFORE, AFTER);
        subscriber.hear(row(15, "t"), BEFORE, AFTER);
        assertThat(live.payloads()).containsExactly("13", "15");
    }

    @Test
    void cursorsKnowOfTheReplayUntilTheTailIsBeyondIt() {
        subscriber.replayIs(REPLAYED);
        subscriber.endReplay();
        subscriber.hear(row(15, "t"), BEFORE, AFTER);
        assertThat(live.cursorOf("15")).isEqualTo(new Position(REPLAYED, AFTER, 1).cursor());
        subscriber.hear(row(21, "t"), AFTER, Snapshot.of("22:22:"));
        assertThat(live.cursorOf("21").text()).isEqualTo("of the tail");
    }

    @Test
    void onlyTopicsThatMatchAreHandedOver() {
        subscriber.replayIs(BEFORE);
        subscriber.endReplay();
        for (String topic : List.of("t", "a", "a.b.c", "ab", "t.t", "a")) {
            subscriber.hear(row(15, topic), BEFORE, AFTER);
        }
        assertThat(live.events().stream().map(LiveEvent::topic)).containsExactly("t", "a", "a.b.c", "a");
    }

    @Test
    void tooManyThatWaitAreAGapAndTheLastOnesFollow() {
        for (int i = 0; i < 10_005; i++) {
            subscriber.hear(row(100 + i, "t"), BEFORE, AFTER);
        }
        subscriber.replayIs(BEFORE);
        subscriber.endReplay();
        assertThat(live.gaps()).isEqualTo(1);
        assertThat(live.payloads()).hasSize(10_000).startsWith("105").endsWith("10104");
    }

    /** Who reloads at a gap must not get an older event after it. */
    @Test
    void aGapStaysBehindWhatHasWaitedBeforeIt() {
        List<String> calls = new ArrayList<>();
        Subscriber noting = new Subscriber(new TopicFilter(List.of(new TopicPattern("t"))), noted(calls), () -> {});
        noting.hear(row(15, "t"), BEFORE, AFTER);
        noting.miss();
        noting.hear(row(16, "t"), BEFORE, AFTER);
        noting.replayIs(BEFORE);
        noting.endReplay();
        assertThat(calls).containsExactly("15", "gap", "16");
    }

    private static LiveListener noted(List<String> calls) {
        return new LiveListener() {
            @Override
            public void received(LiveEvent event) {
                calls.add(event.payload());
            }

            @Override
            public void gap() {
                calls.add("gap");
            }
        };
    }

    @Test
    void anInterruptThatAListenerLeavesBehindIsClearedAndThatOfTheCallerStays() {
        LiveListener interrupting = new LiveListener() {
            @Override
            public void received(LiveEvent event) {
                Thread.currentThread().interrupt();
            }

            @Override
            public void gap() {}
        };
        Subscriber subscribed = new Subscriber(new TopicFilter(List.of(new TopicPattern("t"))), interrupting, () -> {});
        subscribed.replayIs(BEFORE);
        subscribed.endReplay();
        subscribed.hear(row(15, "t"), BEFORE, AFTER);
        assertThat(Thread.interrupted()).isFalse();
        Thread.currentThread().interrupt();
        subscribed.hear(row(15, "t"), BEFORE, AFTER);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void whatTheTailHasReachedIsToldWhileNothingIsReceivedAndTheReplayIsBehindIt() {
        subscriber.reach(AFTER);
        subscriber.replayIs(REPLAYED);
        subscriber.endReplay();
        subscriber.reach(BEFORE);
        assertThat(live.reached())
                .as("the replay, or the listener itself, is ahead")
                .isEmpty();
        subscriber.reach(AFTER);
        subscriber.hear(row(21, "other"), AFTER, AFTER);
        subscriber.reach(AFTER);
        assertThat(live.reached())
                .containsExactly(Position.at(AFTER).cursor(), Position.at(AFTER).cursor());
        subscriber.hear(row(21, "t"), AFTER, AFTER);
        subscriber.reach(AFTER);
        assertThat(live.reached()).as("an event was received since").hasSize(2);
        subscriber.reach(AFTER);
        assertThat(live.reached()).hasSize(3);
        subscriber.close();
        subscriber.reach(AFTER);
        assertThat(live.reached()).hasSize(3);
    }

    @Test
    void nothingComesAfterTheClose() {
        subscriber.replayIs(BEFORE);
        subscriber.endReplay();
        subscriber.close();
        subscriber.hear(row(15, "t"), BEFORE, AFTER);
        subscriber.miss();
        assertThat(live.events()).isEmpty();
        assertThat(live.gaps()).isZero();
    }
}
