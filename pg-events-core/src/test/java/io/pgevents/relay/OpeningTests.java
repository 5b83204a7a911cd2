package io.pgevents.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.pgevents.codec.Jackson2EventCodec;
import io.pgevents.live.LiveCursor;
import io.pgevents.support.LogCapture;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What may happen while a client is let in. */
@ExtendWith(LogCapture.class)
class OpeningTests {

    private final InMemoryFeed feed = new InMemoryFeed();
    private final TextFrames frames = new TextFrames();
    private final RelaySubscription subscription = RelaySubscription.to(RelayStream.of("all", "a"));
    private final Relay relay = new Relay(
            feed,
            new Jackson2EventCodec(),
            new Relay.Settings(10, 10, 1000, Duration.ofHours(1), Duration.ofMillis(20)));

    OpeningTests() {
        relay.start();
    }

    @AfterEach
    void stop() {
        relay.stop();
    }

    @Test
    void othersLeaveWhileSomebodyWaitsForTheDatabase() throws Exception {
        RelayClient leaving = relay.open(subscription, frames);
        CountDownLatch answer = new CountDownLatch(1);
        CountDownLatch asked = new CountDownLatch(2);
        feed.beforeReading(() -> {
            asked.countDown();
            if (asked.getCount() == 0) {
                await(answer);
            }
        });
        RelaySubscription other = RelaySubscription.to(RelayStream.of("other", "b"));
        CompletableFuture<RelayClient> coming = CompletableFuture.supplyAsync(() -> relay.open(other, frames));
        asked.await();
        CompletableFuture.runAsync(leaving::close).get(30, TimeUnit.SECONDS);
        assertThat(coming).isNotDone();
        answer.countDown();
        coming.get(30, TimeUnit.SECONDS).close();
        assertThat(feed.registrations()).isZero();
    }

    @Test
    void isNotCutOffHoweverLongTheDatabaseTakes() {
        // Longer than the write timeout.
        AtomicReference<Long> begun = new AtomicReference<>(System.nanoTime());
        feed.beforeReading(() -> Awaitility.await()
                .until(() ->
                        System.nanoTime() - begun.get() > Duration.ofMillis(100).toNanos()));
        RelayClient client = relay.open(subscription, frames);
        assertThat(relay.statistics().disconnected()).isZero();
        feed.append("a", null, "1");
        assertThat(TextFrames.take(client)).containsExactly("open@0", "1@1");
    }

    @Test
    void leavesNothingBehindIfTheRelayStopsMeanwhile() {
        feed.beforeReading(() -> {
            feed.beforeReading(() -> {});
            relay.stop();
            Awaitility.await().until(() -> relay.statistics().clients() == 0);
        });
        refused(subscription.withSince(new LiveCursor("0")));
        assertThat(feed.registrations()).isZero();
        assertThat(relay.statistics().queuedBytes()).isZero();
        relay.start();
        relay.open(subscription, frames).close();
        assertThat(feed.registrations()).isZero();
    }

    @Test
    void leavesNothingBehindIfTheDatabaseFailsAfterTheRelayHasStopped() {
        feed.beforeReading(() -> {
            relay.stop();
            Awaitility.await().until(() -> relay.statistics().clients() == 0);
            feed.beforeReading(() -> {
                throw new IllegalStateException("on purpose");
            });
        });
        refused(subscription);
        feed.beforeReading(() -> {});
        relay.start();
        relay.open(subscription, frames).close();
        assertThat(feed.registrations()).isZero();
    }

    @Test
    void asksToComeBackIfTheDatabaseFails() {
        feed.beforeReading(() -> {
            throw new IllegalStateException("on purpose");
        });
        refused(subscription);
        refused(subscription.withSince(new LiveCursor("0")));
        feed.beforeReading(() -> {});
        refused(subscription.withSnapshot("state", () -> {
            throw new IllegalStateException(new SQLException("on purpose"));
        }));
        assertThat(relay.statistics().refused()).isEqualTo(3);
        assertThat(relay.statistics().clients()).isZero();
        assertThat(feed.registrations()).isZero();
    }

    @Test
    void tellsOfNoOutageWhereTheThreadWasInterrupted() {
        feed.beforeReading(() -> {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("on purpose");
        });
        refused(subscription);
        assertThat(Thread.interrupted()).isTrue();
        feed.beforeReading(() -> {});
        refused(subscription.withSnapshot("state", () -> {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(new SQLException("on purpose"));
        }));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(LogCapture.warnings()).isEmpty();
        feed.beforeReading(() -> {
            throw new IllegalStateException("on purpose");
        });
        refused(subscription);
        assertThat(LogCapture.warnings()).hasSize(1);
    }

    @Test
    void countsSnapshotsAndRefusesWhatDoesNotFit() {
        RelaySubscription large = subscription.withSnapshot("state", () -> "x".repeat(600));
        RelayClient first = relay.open(large, frames);
        assertThat(relay.statistics().queuedBytes()).isGreaterThan(600);
        refused(large);
        assertThat(TextFrames.take(first)).hasSize(2);
        assertThat(relay.statistics().queuedBytes()).isZero();
        relay.open(large, frames).close();
        assertThat(relay.statistics().queuedBytes()).isZero();
    }

    private void refused(RelaySubscription asked) {
        assertThatExceptionOfType(RelayRefusedException.class).isThrownBy(() -> relay.open(asked, frames));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException ex) {
            throw new IllegalStateException(ex);
        }
    }
}
