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

    private static final Position BEFORE = at("10:12:10");
    private static final Position REPLAYED = at("13:14:13");
    private static final Snapshot AFTER = Snapshot.of("20:20:");
    private static final Position READ = BEFORE.beforeAll(AFTER);
    private static final Position END = READ.atEnd();

    private final LiveRecorder live = new LiveRecorder();
    private final Subscriber subscriber =
            new Subscriber(new TopicFilter(List.of(new TopicPattern("t"), new TopicPattern("a.#"))), live, () -> {});

    private static Position at(String snapshot) {
        return Position.at("life", Snapshot.of(snapshot));
    }

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
        subscriber.hear(row(10, "t"), READ);
        subscriber.hear(row(13, "t"), READ);
        subscriber.replayIs(REPLAYED);
        assertThat(live.events()).isEmpty();
        subscriber.endReplay();
        assertThat(live.payloads()).as("10 was replayed").containsExactly("13");
        subscriber.hear(row(12, "t"), READ);
        subscriber.hear(row(15, "t"), READ);
        assertThat(live.payloads()).containsExactly("13", "15");
    }

    @Test
    void cursorsKnowOfTheReplayUntilTheTailIsBeyondIt() {
        subscriber.replayIs(REPLAYED);
        subscriber.endReplay();
        subscriber.hear(row(15, "t"), READ);
        assertThat(live.cursorOf("15"))
                .isEqualTo(REPLAYED.beforeAll(AFTER).after(1).cursor());
        subscriber.hear(row(21, "t"), at("20:20:").beforeAll(Snapshot.of("22:22:")));
        assertThat(live.cursorOf("21").text()).isEqualTo("of the tail");
    }

    @Test
    void onlyTopicsThatMatchAreHandedOver() {
        subscriber.replayIs(BEFORE);
        subscriber.endReplay();
        for (String topic : List.of("t", "a", "a.b.c", "ab", "t.t", "a")) {
            subscriber.hear(row(15, topic), READ);
        }
        assertThat(live.events().stream().map(LiveEvent::topic)).containsExactly("t", "a", "a.b.c", "a");
    }

    @Test
    void tooManyThatWaitAreAGapAndTheLastOnesFollow() {
        for (int i = 0; i < 10_005; i++) {
            subscriber.hear(row(100 + i, "t"), READ);
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
        noting.hear(row(15, "t"), READ);
        noting.miss();
        noting.hear(row(16, "t"), READ);
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
        subscribed.hear(row(15, "t"), READ);
        assertThat(Thread.interrupted()).isFalse();
        Thread.currentThread().interrupt();
        subscribed.hear(row(15, "t"), READ);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void whatTheTailHasReachedIsToldWhileNothingIsReceivedAndTheReplayIsBehindIt() {
        subscriber.reach(END);
        subscriber.replayIs(REPLAYED);
        subscriber.endReplay();
        subscriber.reach(BEFORE);
        assertThat(live.reached())
                .as("the replay, or the listener itself, is ahead")
                .isEmpty();
        subscriber.reach(END);
        subscriber.hear(row(21, "other"), END.beforeAll(AFTER));
        subscriber.reach(END);
        assertThat(live.reached()).containsExactly(END.cursor(), END.cursor());
        subscriber.hear(row(21, "t"), END.beforeAll(AFTER));
        subscriber.reach(END);
        assertThat(live.reached()).as("an event was received since").hasSize(2);
        subscriber.reach(END);
        assertThat(live.reached()).hasSize(3);
        subscriber.close();
        subscriber.reach(END);
        assertThat(live.reached()).hasSize(3);
    }

    @Test
    void whatWasReplayedIsForgottenWhenTheServerGivesItsTransactionIdsASecondTime() {
        for (String life : List.of("life", "another")) {
            subscriber.replayIs(REPLAYED);
            subscriber.endReplay();
            Position now = Position.at(life, Snapshot.of("5:5:"));
            subscriber.startOver(now);
            subscriber.hear(row(9, "t"), now.beforeAll(Snapshot.of("10:10:")));
        }
        assertThat(live.payloads()).containsExactly("9", "9");
        assertThat(live.gaps()).isEqualTo(2);
    }

    @Test
    void whatWasReplayedInAnotherLifeTellsNothing() {
        subscriber.startOver(Position.at("another", Snapshot.of("5:5:")));
        subscriber.replayIs(REPLAYED);
        subscriber.endReplay();
        subscriber.hear(row(9, "t"), Position.at("another", Snapshot.of("5:5:")).beforeAll(AFTER));
        assertThat(live.payloads()).containsExactly("9");
        assertThat(live.events().get(0).cursor().text()).isEqualTo("of the tail");
        assertThat(live.gaps()).isEqualTo(1);
    }

    @Test
    void whatWasReplayedComesOnceAlsoIfTheServerBecomesAnotherOneMeanwhile() {
        Position now = Position.at("another", Snapshot.of("13:14:13"));
        subscriber.replayIs(now);
        subscriber.endReplay();
        subscriber.startOver(now);
        subscriber.hear(row(9, "t"), Position.at("another", Snapshot.of("5:5:")).beforeAll(AFTER));
        assertThat(live.events()).isEmpty();
        assertThat(live.gaps()).isEqualTo(1);
    }

    @Test
    void nothingComesAfterTheClose() {
        subscriber.replayIs(BEFORE);
        subscriber.endReplay();
        subscriber.close();
        subscriber.hear(row(15, "t"), READ);
        subscriber.miss();
        assertThat(live.events()).isEmpty();
        assertThat(live.gaps()).isZero();
    }
}
