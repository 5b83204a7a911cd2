package io.pgevents.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgevents.live.LogPage.Row;
import io.pgevents.subscription.TopicPattern;
import io.pgevents.support.LiveRecorder;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SubscriberTests {

    private static final Position BEFORE = at("10:12:10");
    private static final Position REPLAYED = at("13:14:13");
    private static final Snapshot AFTER = Snapshot.of("20:20:");
    private static final Position READ = BEFORE.beforeAll(AFTER);

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
        assertThat(live.payloads()).containsExactly("10100", "10101", "10102", "10103", "10104");
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
