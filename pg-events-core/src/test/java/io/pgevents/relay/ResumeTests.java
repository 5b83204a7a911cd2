package io.pgevents.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pgevents.codec.Jackson2EventCodec;
import io.pgevents.live.LiveCursor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients that come back: nothing is missing, nothing comes twice. */
class ResumeTests {

    private final InMemoryFeed feed = new InMemoryFeed();
    private final TextFrames frames = new TextFrames();
    private final RelayStream stream = RelayStream.of("all", "a")
            .withQueue(new RelayStream.Queue(RelayStream.Overflow.DROP_OLDEST, 100_000, 1 << 30));
    private final Relay relay = new Relay(feed, new Jackson2EventCodec(), Relay.Settings.DEFAULT);

    private final List<RelayClient> clients = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    ResumeTests() {
        relay.start();
    }

    @AfterEach
    void stop() {
        threads.shutdownNow();
        clients.forEach(RelayClient::close);
        relay.stop();
    }

    @Test
    void changesOverToTheTrunkAndGivesItsRegistrationBack() {
        RelayClient other = open(RelaySubscription.to(stream));
        append(1, 5);
        RelayClient back = resume("2");
        assertThat(feed.registrations()).isEqualTo(2);
        append(6, 9);
        await().until(() -> feed.registrations() == 1);
        append(10, 12);
        assertThat(TextFrames.take(back).subList(1, 11)).isEqualTo(expected(3, 12));
        other.close();
        back.close();
        assertThat(feed.registrations()).isZero();
    }

    @Test
    void changesOverWhicheverIsAhead() {
        open(RelaySubscription.to(stream));
        append(1, 3);
        // The trunk was registered before: it has each event first.
        RelayClient behind = resume("1");
        IntStream.rangeClosed(4, 8).forEach(i -> feed.store("a", null, "" + i));
        feed.deliver();
        append(9, 9);
        assertThat(TextFrames.take(behind).subList(1, 9)).isEqualTo(expected(2, 9));
    }

    @Test
    void aTrunkThatIsBehindRepeatsNothing() {
        // The client's own registration is made first, and so it is the trunk that comes later.
        RelayClient first = resume("0");
        append(1, 4);
        IntStream.rangeClosed(5, 8).forEach(i -> feed.store("a", null, "" + i));
        feed.deliver();
        append(9, 10);
        assertThat(TextFrames.take(first).subList(1, 11)).isEqualTo(expected(1, 10));
    }

    @Test
    void namesNoCursorWithAHeartbeatBeforeItHasChangedOver() {
        open(RelaySubscription.to(stream));
        append(1, 3);
        RelayClient back = resume("1");
        back.heartbeat();
        assertThat(TextFrames.take(back)).containsExactly("open@null", "2@2", "3@3", "beat@null");
    }

    @Test
    void aClientWithAKeyIsOverWithAnEventOfAnyKey() {
        open(RelaySubscription.to(stream));
        feed.append("a", "ada", "1");
        RelayClient back = open(RelaySubscription.to(stream).withKey("ada").withSince(new LiveCursor("0")));
        feed.append("a", "bob", "2");
        await("its registration is not kept until its key has an event").until(() -> feed.registrations() == 1);
        feed.append("a", "ada", "3");
        feed.append("a", "bob", "4");
        assertThat(TextFrames.take(back)).containsExactly("open@null", "1@1", "3@3");
    }

    @Test
    void isOverWhereBothHaveReachedAPlaceAndNamesIt() {
        open(RelaySubscription.to(stream));
        append(1, 3);
        RelayClient back = resume("2");
        feed.append("quiet", null, "4");
        feed.reach();
        await().until(() -> feed.registrations() == 1);
        back.heartbeat();
        append(5, 6);
        assertThat(TextFrames.take(back)).containsExactly("open@null", "3@3", "5@5", "6@6", "beat@null");
        feed.reach();
        back.heartbeat();
        assertThat(TextFrames.take(back)).containsExactly("beat@6");
    }

    @Test
    void getsMoreThanItsQueueTakesAndThenAsMuchAsItTakes() {
        RelayStream small = stream.withQueue(new RelayStream.Queue(RelayStream.Overflow.DROP_OLDEST, 5, 50));
        append(1, 100);
        RelayClient back = open(RelaySubscription.to(small).withSince(new LiveCursor("0")));
        append(101, 105);
        assertThat(TextFrames.take(back).subList(1, 106)).isEqualTo(expected(1, 105));
        append(106, 111);
        assertThat(TextFrames.take(back).subList(0, 2)).containsExactly("gap@106", "107@107");
    }

    @Test
    void namesWithTheGapFromWhereItGoesOnIfNothingFollows() {
        append(1, 3);
        feed.prune();
        assertThat(TextFrames.take(resume("1"))).containsExactly("open@null", "gap@3");
        assertThat(TextFrames.take(resume("3"))).as("it comes back without one").containsExactly("open@null");
        RelayClient back = resume("1");
        append(4, 4);
        assertThat(TextFrames.take(back)).containsExactly("open@null", "gap", "4@4");
    }

    @Test
    void isExactWithAKeyAsWell() throws Exception {
        int events = 2000;
        CountDownLatch begun = new CountDownLatch(2);
        RelaySubscription odd = RelaySubscription.to(stream).withKey("odd");
        List<Future<List<String>>> clients = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            clients.add(threads.submit(() -> comeAndGo(odd, events / 2, begun)));
        }
        begun.await();
        IntStream.rangeClosed(1, events).forEach(i -> feed.append("a", i % 2 == 1 ? "odd" : "even", "" + i));
        List<String> all = expected(1, events);
        for (Future<List<String>> client : clients) {
            assertThat(client.get())
                    .isEqualTo(IntStream.range(0, events / 2)
                            .mapToObj(i -> all.get(2 * i))
                            .toList());
        }
        await().until(() -> feed.registrations() == 0);
    }

    @Test
    void isExactWhileEventsComeAndClientsComeBackAllTheTime() throws Exception {
        int events = 3000;
        CountDownLatch begun = new CountDownLatch(4);
        List<Future<List<String>>> clients = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            clients.add(threads.submit(() -> comeAndGo(RelaySubscription.to(stream), events, begun)));
        }
        Future<?> publisher = threads.submit(() -> {
            begun.await();
            append(1, events);
            return null;
        });
        publisher.get();
        for (Future<List<String>> client : clients) {
            assertThat(client.get()).isEqualTo(expected(1, events));
        }
        await().until(() -> feed.registrations() == 0);
    }

    /** Takes some frames, goes, and comes back with the last cursor it has. */
    private List<String> comeAndGo(RelaySubscription subscription, int events, CountDownLatch begun) {
        List<String> got = new ArrayList<>();
        String cursor = "0";
        begun.countDown();
        while (got.size() < events && !Thread.currentThread().isInterrupted()) {
            RelayClient client = open(subscription.withSince(new LiveCursor(cursor)));
            int before = got.size();
            int most = before + 1 + (before * 7 % 40);
            while (got.size() < Math.min(most, events)
                    && !Thread.currentThread().isInterrupted()) {
                byte[] frame = client.poll();
                String text = frame == null ? "" : new String(frame, java.nio.charset.StandardCharsets.UTF_8);
                if (text.contains("@") && !text.startsWith("open")) {
                    got.add(text);
                    cursor = text.substring(text.indexOf('@') + 1);
                }
            }
            client.close();
        }
        return got;
    }

    private RelayClient resume(String cursor) {
        return open(RelaySubscription.to(stream).withSince(new LiveCursor(cursor)));
    }

    private RelayClient open(RelaySubscription subscription) {
        RelayClient client = relay.open(subscription, frames);
        clients.add(client);
        return client;
    }

    private void append(int first, int last) {
        IntStream.rangeClosed(first, last).forEach(i -> feed.append("a", null, "" + i));
    }

    private static List<String> expected(int first, int last) {
        return IntStream.rangeClosed(first, last).mapToObj(i -> i + "@" + i).toList();
    }
}
