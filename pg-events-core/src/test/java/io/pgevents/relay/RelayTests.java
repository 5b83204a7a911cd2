package io.pgevents.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import io.pgevents.codec.Jackson2EventCodec;
import io.pgevents.live.LiveCursor;
import io.pgevents.relay.RelayStream.Overflow;
import io.pgevents.relay.RelayStream.Queue;
import java.security.Principal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RelayTests {

    private final InMemoryFeed feed = new InMemoryFeed();
    private final TextFrames frames = new TextFrames();
    private final RelayStream stream = RelayStream.of("all", "a.#");
    private final List<Relay> relays = new ArrayList<>();
    private final List<RelayClient> clients = new ArrayList<>();
    private final Relay relay = relay(Relay.Settings.DEFAULT);

    @AfterEach
    void stop() {
        clients.forEach(RelayClient::close);
        relays.forEach(Relay::stop);
    }

    @Test
    void sendsEventsOfItsTopicsInOrder() {
        RelayClient client = open(RelaySubscription.to(stream));
        feed.append("a.x", null, "1");
        feed.append("b", null, "2");
        feed.append("a", null, "3");
        assertThat(TextFrames.take(client)).containsExactly("open@0", "1@1", "3@3");
    }

    @Test
    void writesAnEventOnceForAllClients() {
        List<RelayClient> clients = IntStream.range(0, 50)
                .mapToObj(i -> open(RelaySubscription.to(stream)))
                .toList();
        feed.append("a", null, "1");
        clients.forEach(RelayClient::poll);
        byte[] first = clients.get(0).poll();
        assertThat(clients.subList(1, 50))
                .allSatisfy(client -> assertThat(client.poll()).isSameAs(first));
        assertThat(frames.written).hasValue(1);
        assertThat(feed.registrations()).isEqualTo(1);
    }

    @Test
    void findsClientsByTheirKey() {
        RelayClient ada = open(RelaySubscription.to(stream).withKey("ada"));
        RelayClient bob = open(RelaySubscription.to(stream).withKey("bob"));
        feed.append("a", "ada", "1");
        feed.append("a", "bob", "2");
        feed.append("a", null, "3");
        assertThat(TextFrames.take(ada)).containsExactly("open@0", "1@1");
        assertThat(TextFrames.take(bob)).containsExactly("open@0", "2@2");
    }

    @Test
    void filtersByFieldsOfThePayload() {
        RelayStream filterable = stream.withFields("status", "customer.id");
        RelayClient client = open(RelaySubscription.to(filterable)
                .withFields(Map.of("status", Set.of("paid", "sent"), "customer.id", Set.of("7"))));
        feed.append("a", null, "{\"status\":\"paid\",\"customer\":{\"id\":7}}");
        feed.append("a", null, "{\"status\":\"sent\",\"customer\":{\"id\":8}}");
        feed.append("a", null, "{\"status\":\"new\",\"customer\":{\"id\":7}}");
        feed.append("a", null, "{\"status\":null}");
        feed.append("a", null, "[]");
        assertThat(TextFrames.take(client)).hasSize(2).last().asString().endsWith("@1");
    }

    @Test
    void refusesToFilterByFieldsThatAreNotDeclared() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RelaySubscription.to(stream).withFields(Map.of("secret", Set.of("1"))))
                .withMessageContaining("secret");
    }

    @Test
    void narrowsToTopicsOfTheStreamOnly() {
        assertThat(stream.narrowedTo(List.of("a.x")).topics())
                .extracting(Object::toString)
                .hasSize(1);
        assertThat(stream.narrowedTo(List.of("a.x", "a.#", "a")).topics())
                .as("what a pattern covers makes no other set of topics")
                .isEqualTo(stream.topics());
        assertThatIllegalArgumentException().isThrownBy(() -> stream.narrowedTo(List.of("b")));
        assertThatIllegalArgumentException().isThrownBy(() -> stream.narrowedTo(List.of("#")));
        assertThatIllegalArgumentException().isThrownBy(() -> stream.narrowedTo(List.of("a.*")));
    }

    @Test
    void hidesWhatAFilterFailsFor() {
        RelayClient client = open(RelaySubscription.to(stream).withFilter(event -> {
            if (event.payload().equals("1")) {
                throw new IllegalStateException("on purpose");
            }
            return true;
        }));
        feed.append("a", null, "1");
        feed.append("a", null, "2");
        assertThat(TextFrames.take(client)).containsExactly("open@0", "2@2");
    }

    @Test
    void showsWhatAViewLeavesAndLooksOnceForAllClients() {
        AtomicInteger looks = new AtomicInteger();
        RelayStream halved = stream.withView(event -> {
            looks.incrementAndGet();
            int number = Integer.parseInt(event.payload());
            return number % 2 == 0 ? Integer.toString(number / 2) : null;
        });
        RelayClient one = open(RelaySubscription.to(halved)
                .withFilter(event -> !event.payload().equals("6")));
        RelayClient other = open(RelaySubscription.to(halved));
        feed.append("a", null, "4");
        feed.append("a", null, "5");
        feed.append("a", null, "no number");
        feed.append("a", null, "6");
        assertThat(TextFrames.take(one)).containsExactly("open@0", "2@1");
        assertThat(TextFrames.take(other)).containsExactly("open@0", "2@1", "3@4");
        // What fails is tried for each client.
        assertThat(looks).hasValue(5);
        assertThat(frames.written).hasValue(2);
    }

    @Test
    void dropsTheOldestAndTellsWhereTheyAreMissing() {
        RelayClient client = open(RelaySubscription.to(stream.withQueue(new Queue(Overflow.DROP_OLDEST, 2, 1000))));
        IntStream.rangeClosed(1, 5).forEach(i -> feed.append("a", null, "" + i));
        assertThat(TextFrames.take(client)).containsExactly("open@0", "gap@3", "4@4", "5@5");
        feed.append("a", null, "6");
        assertThat(TextFrames.take(client)).containsExactly("6@6");
        assertThat(relay.statistics().dropped()).isEqualTo(3);
        assertThat(relay.statistics().gaps()).isEqualTo(1);
    }

    @Test
    void boundsTheBytesOfAQueue() {
        RelayClient client = open(RelaySubscription.to(stream.withQueue(new Queue(Overflow.DROP_OLDEST, 100, 10))));
        IntStream.rangeClosed(1, 5).forEach(i -> feed.append("a", null, "\"xxx\"" + i));
        feed.append("a", null, "\"longer than the queue\"");
        assertThat(TextFrames.take(client)).containsExactly("open@0", "gap@5", "\"longer than the queue\"@6");
        assertThat(relay.statistics().queuedBytes()).isZero();
    }

    @Test
    void keepsTheLatestOfEachKeyInItsPlaceWithoutItsCursor() {
        RelayClient client = open(RelaySubscription.to(stream.withOverflow(Overflow.LATEST_PER_KEY)));
        feed.append("a", "k1", "1");
        feed.append("a", "k2", "2");
        feed.append("a", "k1", "3");
        assertThat(TextFrames.take(client)).containsExactly("open@0", "3", "2@2");
        client.heartbeat();
        assertThat(TextFrames.take(client)).as("the cursor is made up for").containsExactly("beat@3");
    }

    @Test
    void tellsOfAGapWhenThereAreTooManyKeys() {
        RelayClient client = open(RelaySubscription.to(stream.withQueue(new Queue(Overflow.LATEST_PER_KEY, 2, 1000))));
        feed.append("a", "k1", "1");
        feed.append("a", "k2", "2");
        feed.append("a", "k3", "3");
        assertThat(TextFrames.take(client)).containsExactly("open@0", "gap@1", "2@2", "3@3");
    }

    @Test
    void disconnectsWithoutLosingAnything() {
        RelayStream exact = stream.withQueue(new Queue(Overflow.DISCONNECT, 2, 1000));
        RelayClient client = open(RelaySubscription.to(exact));
        feed.append("a", null, "1");
        assertThat(TextFrames.take(client)).containsExactly("open@0", "1@1");
        IntStream.rangeClosed(2, 4).forEach(i -> feed.append("a", null, "" + i));
        assertThat(client.isEnded()).isFalse();
        assertThat(TextFrames.take(client)).as("it gets further each time").containsExactly("2@2", "3@3");
        assertThat(client.isEnded()).isTrue();
        client.close();
        RelayClient back = open(RelaySubscription.to(stream).withSince(new LiveCursor("3")));
        assertThat(TextFrames.take(back)).containsExactly("open@null", "4@4");
    }

    @Test
    void tellsOfAGapOfTheFeedAndOfACursorThatIsTooOld() {
        RelayClient client = open(RelaySubscription.to(stream));
        feed.append("a", null, "1");
        feed.append("a", null, "2");
        feed.prune();
        feed.gap();
        assertThat(TextFrames.take(client)).contains("gap");
        assertThat(TextFrames.take(open(RelaySubscription.to(stream).withSince(new LiveCursor("1")))))
                .containsExactly("open@null", "gap@2");
        assertThat(TextFrames.take(open(RelaySubscription.to(stream).withSince(new LiveCursor("nonsense")))))
                .containsExactly("open@null", "gap@2");
    }

    @Test
    void sendsASnapshotThatWasReadAfterTheRegistration() {
        RelayClient client = open(RelaySubscription.to(stream).withSnapshot("state", () -> {
            feed.append("a", null, "1");
            return Map.of("likes", 3);
        }));
        assertThat(TextFrames.take(client)).containsExactly("open@0", "state={\"likes\":3}", "1@1");
    }

    @Test
    void freesEverythingIfTheSnapshotFails() {
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> open(RelaySubscription.to(stream).withSnapshot("state", () -> {
                    throw new IllegalStateException("on purpose");
                })));
        assertThat(relay.statistics().clients()).isZero();
        assertThat(feed.registrations()).isZero();
    }

    @Test
    void givesIdleClientsNewerCursorsWithHeartbeats() {
        RelayClient client = open(RelaySubscription.to(stream).withKey("ada"));
        feed.append("a", "bob", "1");
        client.heartbeat();
        assertThat(TextFrames.take(client)).containsExactly("open@0", "beat@1");
        client.heartbeat();
        assertThat(TextFrames.take(client)).containsExactly("beat@null");
        feed.append("a", "ada", "2");
        client.heartbeat();
        assertThat(TextFrames.take(client)).containsExactly("2@2", "beat@null");
    }

    @Test
    void wakesAConnectionOnceAfterItHadEverything() {
        AtomicInteger flows = new AtomicInteger();
        RelayClient client = open(RelaySubscription.to(stream));
        client.attach(new RelayClient.Connection() {
            @Override
            public void flow() {
                flows.incrementAndGet();
            }
        });
        feed.append("a", null, "1");
        TextFrames.take(client);
        IntStream.range(0, 10).forEach(i -> feed.append("a", null, "" + i));
        await().untilAtomic(flows, org.hamcrest.Matchers.equalTo(1));
        TextFrames.take(client);
        feed.append("a", null, "2");
        await().untilAtomic(flows, org.hamcrest.Matchers.equalTo(2));
    }

    @Test
    void letsNobodyInBeyondItsLimits() {
        Relay small = relay(new Relay.Settings(3, 2, 1000, Duration.ofHours(1), Duration.ofHours(1)));
        Principal ada = () -> "ada";
        RelayClient first = open(small, RelaySubscription.to(stream).withPrincipal(ada));
        open(small, RelaySubscription.to(stream).withPrincipal(ada));
        refused(small, ada);
        open(small, RelaySubscription.to(stream));
        refused(small, null);
        first.close();
        first.close();
        open(small, RelaySubscription.to(stream).withPrincipal(ada));
        assertThat(small.statistics().clients()).isEqualTo(3);
        assertThat(small.statistics().refused()).isEqualTo(2);
    }

    @Test
    void leavesRoomForThoseWhoReadBesideThoseWhoDoNot() {
        Relay small = relay(new Relay.Settings(10, 10, 1000, Duration.ofHours(1), Duration.ofHours(1)));
        RelayClient reading = open(small, RelaySubscription.to(stream));
        IntStream.range(0, 9).forEach(i -> open(small, RelaySubscription.to(stream)));
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
        Relay strict = relay(new Relay.Settings(10, 10, 1000, Duration.ofMillis(20), Duration.ofMillis(100)));
        RelayClient stuck = open(strict, RelaySubscription.to(stream));
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

    @Test
    void saysFarewellAndLetsNobodyInAfterTheStop() {
        RelayClient client = open(RelaySubscription.to(stream));
        feed.append("a", null, "1");
        List<String> got = new ArrayList<>();
        client.attach(new RelayClient.Connection() {
            @Override
            public void flow() {
                got.addAll(TextFrames.take(client));
                if (client.isEnded()) {
                    client.close();
                }
            }
        });
        TextFrames.take(client);
        relay.stop();
        assertThat(got).containsExactly("shutdown");
        refused(relay, null);
        relay.start();
        open(RelaySubscription.to(stream)).close();
        assertThat(feed.registrations()).isZero();
    }

    private Relay relay(Relay.Settings settings) {
        Relay started = new Relay(feed, new Jackson2EventCodec(), settings);
        started.start();
        relays.add(started);
        return started;
    }

    private RelayClient open(RelaySubscription subscription) {
        return open(relay, subscription);
    }

    private RelayClient open(Relay door, RelaySubscription subscription) {
        RelayClient client = door.open(subscription, frames);
        clients.add(client);
        return client;
    }

    private void refused(Relay full, @Nullable Principal principal) {
        assertThatExceptionOfType(RelayRefusedException.class)
                .isThrownBy(() -> full.open(RelaySubscription.to(stream).withPrincipal(principal), frames));
    }
}
