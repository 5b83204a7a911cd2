package io.pgevents.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pgevents.live.LiveCursor;
import io.pgevents.relay.RelayStream.Overflow;
import io.pgevents.relay.RelayStream.Queue;
import java.security.Principal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of clients that do not read, and of those that are too many. */
class RelayQueueTests {

    private final RelayFixture fixture = new RelayFixture();
    private final InMemoryFeed feed = fixture.feed;
    private final RelayStream stream = fixture.stream;

    @AfterEach
    void stop() {
        fixture.close();
    }

    @Test
    void dropsTheOldestAndTellsWhereTheyAreMissing() {
        RelayClient client =
                fixture.open(RelaySubscription.to(stream.withQueue(new Queue(Overflow.DROP_OLDEST, 2, 1000))));
        IntStream.rangeClosed(1, 5).forEach(i -> feed.append("a", null, "" + i));
        assertThat(TextFrames.take(client)).containsExactly("open@0", "gap@3", "4@4", "5@5");
        feed.append("a", null, "6");
        assertThat(TextFrames.take(client)).containsExactly("6@6");
        assertThat(fixture.relay.statistics().dropped()).isEqualTo(3);
        assertThat(fixture.relay.statistics().gaps()).isEqualTo(1);
    }

    @Test
    void boundsTheBytesOfAQueue() {
        RelayClient client =
                fixture.open(RelaySubscription.to(stream.withQueue(new Queue(Overflow.DROP_OLDEST, 100, 10))));
        IntStream.rangeClosed(1, 5).forEach(i -> feed.append("a", null, "\"xxx\"" + i));
        feed.append("a", null, "\"longer than the queue\"");
        assertThat(TextFrames.take(client)).containsExactly("open@0", "gap@5", "\"longer than the queue\"@6");
        assertThat(fixture.relay.statistics().queuedBytes()).isZero();
    }

    @Test
    void keepsTheLatestOfEachKeyInItsPlaceWithoutItsCursor() {
        RelayClient client = fixture.open(RelaySubscription.to(stream.withOverflow(Overflow.LATEST_PER_KEY)));
        feed.append("a", "k1", "1");
        feed.append("a", "k2", "2");
        feed.append("a", "k1", "3");
        assertThat(TextFrames.take(client)).containsExactly("open@0", "3", "2@2");
        client.heartbeat();
        assertThat(TextFrames.take(client)).as("the cursor is made up for").containsExactly("beat@3");
    }

    @Test
    void tellsOfAGapWhenThereAreTooManyKeys() {
        RelayClient client =
                fixture.open(RelaySubscription.to(stream.withQueue(new Queue(Overflow.LATEST_PER_KEY, 2, 1000))));
        feed.append("a", "k1", "1");
        feed.append("a", "k2", "2");
        feed.append("a", "k3", "3");
        assertThat(TextFrames.take(client)).containsExactly("open@0", "gap@1", "2@2", "3@3");
    }

    @Test
    void disconnectsWithoutLosingAnything() {
        RelayStream exact = stream.withQueue(new Queue(Overflow.DISCONNECT, 2, 1000));
        RelayClient client = fixture.open(RelaySubscription.to(exact));
        feed.append("a", null, "1");
        assertThat(TextFrames.take(client)).containsExactly("open@0", "1@1");
        IntStream.rangeClosed(2, 4).forEach(i -> feed.append("a", null, "" + i));
        assertThat(client.isEnded()).isFalse();
        assertThat(TextFrames.take(client)).as("it gets further each time").containsExactly("2@2", "3@3");
        assertThat(client.isEnded()).isTrue();
        client.close();
        RelayClient back = fixture.open(RelaySubscription.to(stream).withSince(new LiveCursor("3")));
        assertThat(TextFrames.take(back)).containsExactly("open@null", "4@4");
    }

    @Test
    void letsNobodyInBeyondItsLimits() {
        Relay small = fixture.relay(new Relay.Settings(3, 2, 1000, Duration.ofHours(1), Duration.ofHours(1)));
        Principal ada = () -> "ada";
        RelayClient first = fixture.open(small, RelaySubscription.to(stream).withPrincipal(ada));
        fixture.open(small, RelaySubscription.to(stream).withPrincipal(ada));
        fixture.refused(small, ada);
        fixture.open(small, RelaySubscription.to(stream));
        fixture.refused(small, null);
        first.close();
        first.close();
        fixture.open(small, RelaySubscription.to(stream).withPrincipal(ada));
        assertThat(small.statistics().clients()).isEqualTo(3);
        assertThat(small.statistics().refused()).isEqualTo(2);
    }

    @Test
    void leavesRoomForThoseWhoReadBesideThoseWhoDoNot() {
        Relay small = fixture.relay(new Relay.Settings(10, 10, 1000, Duration.ofHours(1), Duration.ofHours(1)));
        RelayClient reading = fixture.open(small, RelaySubscription.to(stream));
        IntStream.range(0, 9).forEach(i -> fixture.open(small, RelaySubscription.to(stream)));
        List<String> got = new ArrayList<>(TextFrames.take(reading));
        for (int i = 0; i < 500; i++) {
            feed.append("a", null, "\"some payload\"");
            got.addAll(TextFrames.take(reading));
            assertThat(small.statistics().queuedBytes()).isLessThanOrEqualTo(1000);
        }
        assertThat(got).hasSize(501).doesNotContain("gap");
    }

    @Test
    void cutsOffAClientThatTakesNothing() {
        Relay strict = fixture.relay(new Relay.Settings(10, 10, 1000, Duration.ofMillis(20), Duration.ofMillis(100)));
        RelayClient stuck = fixture.open(strict, RelaySubscription.to(stream));
        AtomicInteger aborted = new AtomicInteger();
        stuck.attach(new RelayClient.Connection() {
            @Override
            public void abort() {
                aborted.incrementAndGet();
            }
        });
        await().until(() -> strict.statistics().clients() == 0);
        assertThat(aborted).hasValue(1);
        assertThat(strict.statistics().disconnected()).isEqualTo(1);
        assertThat(feed.registrations()).isZero();
    }
}
