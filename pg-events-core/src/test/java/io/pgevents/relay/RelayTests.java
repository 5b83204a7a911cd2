package io.pgevents.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import io.pgevents.live.LiveCursor;
import io.pgevents.live.LiveEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RelayTests {

    private final RelayFixture fixture = new RelayFixture();
    private final InMemoryFeed feed = fixture.feed;
    private final RelayStream stream = fixture.stream;

    @AfterEach
    void stop() {
        fixture.close();
    }

    @Test
    void sendsEventsOfItsTopicsInOrder() {
        RelayClient client = fixture.open(RelaySubscription.to(stream));
        feed.append("a.x", null, "1");
        feed.append("b", null, "2");
        feed.append("a", null, "3");
        assertThat(TextFrames.take(client)).containsExactly("open@0", "1@1", "3@3");
    }

    @Test
    void writesAnEventOnceForAllClients() {
        List<RelayClient> clients = IntStream.range(0, 50)
                .mapToObj(i -> fixture.open(RelaySubscription.to(stream)))
                .toList();
        feed.append("a", null, "1");
        clients.forEach(RelayClient::poll);
        byte[] first = clients.get(0).poll();
        assertThat(clients.subList(1, 50))
                .allSatisfy(client -> assertThat(client.poll()).isSameAs(first));
        assertThat(fixture.frames.written).hasValue(1);
        assertThat(feed.registrations()).isEqualTo(1);
    }

    @Test
    void findsClientsByTheirKey() {
        RelayClient ada = fixture.open(RelaySubscription.to(stream).withKey("ada"));
        RelayClient bob = fixture.open(RelaySubscription.to(stream).withKey("bob"));
        feed.append("a", "ada", "1");
        feed.append("a", "bob", "2");
        feed.append("a", null, "3");
        assertThat(TextFrames.take(ada)).containsExactly("open@0", "1@1");
        assertThat(TextFrames.take(bob)).containsExactly("open@0", "2@2");
    }

    @Test
    void filtersByFieldsOfThePayload() {
        RelayStream filterable = stream.withFields("status", "customer.id");
        RelayClient client = fixture.open(RelaySubscription.to(filterable)
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
        RelayClient client = fixture.open(RelaySubscription.to(stream).withFilter(event -> {
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
    void aFilterThatEndsInAnErrorHidesTheEventFromItsClientOnly() {
        RelayClient failing = fixture.open(RelaySubscription.to(stream).withFilter(event -> {
            throw new AssertionError("on purpose");
        }));
        RelayClient other = fixture.open(RelaySubscription.to(stream));
        feed.append("a", null, "1");
        feed.append("a", null, "2");
        assertThat(TextFrames.take(failing)).containsExactly("open@0");
        assertThat(TextFrames.take(other)).containsExactly("open@0", "1@1", "2@2");
    }

    @Test
    void anEventThatCannotBeWrittenForOneClientIsAGapForItAndThereForTheOthers() {
        FrameEncoder broken = new TextFrames() {
            @Override
            public byte[] event(LiveEvent event, boolean withCursor) {
                throw new AssertionError("on purpose");
            }
        };
        RelayClient failing = fixture.relay.open(RelaySubscription.to(stream), broken);
        RelayClient other = fixture.open(RelaySubscription.to(stream));
        feed.append("a", null, "1");
        feed.append("a", null, "2");
        assertThat(TextFrames.take(failing)).containsExactly("open@0", "gap@2");
        assertThat(TextFrames.take(other)).containsExactly("open@0", "1@1", "2@2");
        failing.close();
    }

    @Test
    void aConnectionThatWasNotToldOfFramesLooksAgainWithAHeartbeat() {
        Relay beating = fixture.relay(new Relay.Settings(10, 10, 1000, Duration.ofMillis(20), Duration.ofHours(1)));
        RelayClient client = fixture.open(beating, RelaySubscription.to(stream));
        Queue<String> got = new ConcurrentLinkedQueue<>();
        AtomicInteger flows = new AtomicInteger();
        client.attach(new RelayClient.Connection() {
            @Override
            public void flow() {
                if (flows.incrementAndGet() != 1) {
                    got.addAll(TextFrames.take(client));
                }
            }
        });
        TextFrames.take(client);
        feed.append("a", null, "1");
        await().until(() -> got.contains("1@1"));
    }

    @Test
    void aConnectionThatFailsIsCutOff() {
        RelayClient client = fixture.open(RelaySubscription.to(stream));
        AtomicInteger aborted = new AtomicInteger();
        client.attach(new RelayClient.Connection() {
            @Override
            public void flow() {
                throw new AssertionError("on purpose");
            }

            @Override
            public void abort() {
                aborted.incrementAndGet();
            }
        });
        TextFrames.take(client);
        feed.append("a", null, "1");
        await().until(() -> fixture.relay.statistics().clients() == 0);
        assertThat(aborted).hasValue(1);
    }

    @Test
    void showsWhatAViewLeavesAndLooksOnceForAllClients() {
        AtomicInteger looks = new AtomicInteger();
        RelayStream halved = stream.withView(event -> {
            looks.incrementAndGet();
            int number = Integer.parseInt(event.payload());
            return number % 2 == 0 ? Integer.toString(number / 2) : null;
        });
        RelayClient one = fixture.open(RelaySubscription.to(halved)
                .withFilter(event -> !event.payload().equals("6")));
        RelayClient other = fixture.open(RelaySubscription.to(halved));
        feed.append("a", null, "4");
        feed.append("a", null, "5");
        feed.append("a", null, "no number");
        feed.append("a", null, "6");
        assertThat(TextFrames.take(one)).containsExactly("open@0", "2@1");
        assertThat(TextFrames.take(other)).containsExactly("open@0", "2@1", "3@4");
        // What fails is tried for each client.
        assertThat(looks).hasValue(5);
        assertThat(fixture.frames.written).hasValue(2);
    }

    @Test
    void tellsOfAGapOfTheFeedAndOfACursorThatIsTooOld() {
        RelayClient client = fixture.open(RelaySubscription.to(stream));
        feed.append("a", null, "1");
        feed.append("a", null, "2");
        feed.prune();
        feed.gap();
        assertThat(TextFrames.take(client)).contains("gap");
        assertThat(TextFrames.take(fixture.open(RelaySubscription.to(stream).withSince(new LiveCursor("1")))))
                .containsExactly("open@null", "gap@2");
        assertThat(TextFrames.take(fixture.open(RelaySubscription.to(stream).withSince(new LiveCursor("nonsense")))))
                .containsExactly("open@null", "gap@2");
    }

    @Test
    void sendsASnapshotThatWasReadAfterTheRegistration() {
        RelayClient client = fixture.open(RelaySubscription.to(stream).withSnapshot("state", () -> {
            feed.append("a", null, "1");
            return Map.of("likes", 3);
        }));
        assertThat(TextFrames.take(client)).containsExactly("open@0", "state={\"likes\":3}", "1@1");
    }

    @Test
    void freesEverythingIfTheSnapshotFails() {
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> fixture.open(RelaySubscription.to(stream).withSnapshot("state", () -> {
                    throw new IllegalStateException("on purpose");
                })));
        assertThat(fixture.relay.statistics().clients()).isZero();
        assertThat(feed.registrations()).isZero();
    }

    @Test
    void givesIdleClientsNewerCursorsWithHeartbeats() {
        RelayClient client = fixture.open(RelaySubscription.to(stream).withKey("ada"));
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
        RelayClient client = fixture.open(RelaySubscription.to(stream));
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
    void saysFarewellAndLetsNobodyInAfterTheStop() {
        RelayClient client = fixture.open(RelaySubscription.to(stream));
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
        fixture.relay.stop();
        assertThat(got).containsExactly("shutdown");
        fixture.refused(fixture.relay, null);
        fixture.relay.start();
        fixture.open(RelaySubscription.to(stream)).close();
        assertThat(feed.registrations()).isZero();
    }
}
