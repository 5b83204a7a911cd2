package io.pgevents.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pgevents.InvalidEventException;
import io.pgevents.Notification;
import io.pgevents.PgEventsException;
import io.pgevents.channel.Channels.Registration;
import io.pgevents.support.LogCapture;
import io.pgevents.support.TestBus;
import io.pgevents.support.TestPostgres;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Listeners that come and go, are slow, or fail, on a running bus. */
@Timeout(60)
@ExtendWith(LogCapture.class)
class ChannelsIntegrationTests {

    private static final Duration LONG = Duration.ofSeconds(30);

    private final TestBus bus = new TestBus(TestPostgres.newDatabaseUrl());
    private final Channels channels = bus.channels();
    private final Heard heard = new Heard();

    @AfterEach
    void close() {
        bus.close();
    }

    private void send(String channel, String payload) {
        bus.jdbc().query("SELECT pg_notify(?, ?)", row -> {}, channel, payload);
    }

    private long killHub() {
        return bus.jdbc()
                .queryForList("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                        + " WHERE application_name = 'pg-events-hub' AND datname = current_database()")
                .size();
    }

    @Test
    void hearFromTheMomentTheStartIsOver() {
        Registration registration = channels.listen("prices", heard);
        assertThat(registration.isListening()).isFalse();
        bus.start();
        assertThat(registration.isListening()).isTrue();
        send("prices", "1");
        heard.await("1");
        assertThat(heard.all()).containsExactly("1");
    }

    @Test
    void comeAndGoWhileTheBusRuns() throws InterruptedException {
        bus.start();
        Heard other = new Heard();
        Registration first = channels.listen("a", heard);
        Registration second = channels.listen("a", other);
        Registration third = channels.listen("b", other);
        for (Registration each : List.of(first, second, third)) {
            assertThat(each.awaitListening(LONG)).isTrue();
        }
        assertThat(channels.status().listeners()).isEqualTo(3);
        send("a", "1");
        heard.await("1");
        other.await("1");
        first.close();
        first.close();
        assertThat(first.isListening()).isFalse();
        send("a", "2");
        other.await("2");
        second.close();
        send("a", "3");
        send("b", "4");
        other.await("4");
        assertThat(other.all()).containsExactly("1", "2", "4");
        assertThat(heard.all()).containsExactly("1");
        assertThat(channels.status().listeners()).isEqualTo(1);
        Registration again = channels.listen("a", heard);
        assertThat(again.awaitListening(LONG)).isTrue();
        send("a", "5");
        heard.await("5");
        assertThat(heard.all()).containsExactly("1", "5");
    }

    @Test
    void aSlowOneDelaysNobodyAndIsToldOfWhatItMissed() throws InterruptedException {
        bus.start();
        CountDownLatch free = new CountDownLatch(1);
        Heard slow = new Heard();
        channels.listen(List.of("a"), 10, new ChannelListener() {
            @Override
            public void onNotification(Notification notification) throws Exception {
                slow.onNotification(notification);
                free.await();
            }

            @Override
            public void onGap() {
                slow.onGap();
            }
        });
        assertThat(channels.listen("a", heard).awaitListening(LONG)).isTrue();
        send("a", "0");
        slow.await("0");
        List<String> rest =
                IntStream.rangeClosed(1, 100).mapToObj(String::valueOf).toList();
        rest.forEach(each -> send("a", each));
        heard.await("100");
        assertThat(heard.all()).hasSize(101).doesNotContain(Heard.GAP);
        assertThat(slow.all()).containsExactly("0");
        free.countDown();
        slow.await("100");
        assertThat(slow.all().subList(0, 2)).containsExactly("0", Heard.GAP);
        assertThat(slow.all().subList(2, slow.all().size())).isEqualTo(rest.subList(90, 100));
        assertThat(channels.status().dropped()).isEqualTo(90);
        assertThat(LogCapture.warnings()).anyMatch(each -> each.contains("is too slow for the channel \"a\""));
    }

    @Test
    void oneThatFailsGoesOn() throws InterruptedException {
        bus.start();
        Registration registration = channels.listen("a", notification -> {
            heard.onNotification(notification);
            if (notification.payload().equals("error")) {
                throw new AssertionError("on purpose");
            }
            throw new IllegalStateException("on purpose");
        });
        assertThat(registration.awaitListening(LONG)).isTrue();
        List.of("exception", "error", "last").forEach(each -> send("a", each));
        heard.await("last");
        assertThat(heard.all()).containsExactly("exception", "error", "last");
        await().until(() -> LogCapture.warnings().stream()
                        .filter(each -> each.contains("has failed for the channel \"a\""))
                        .count()
                == 3);
    }

    @Test
    void areToldOfTheGapWhenTheConnectionIsKilledInTraffic() throws Exception {
        bus.start();
        Heard quiet = new Heard();
        channels.listen("quiet", quiet);
        assertThat(channels.listen("a", heard).awaitListening(LONG)).isTrue();
        int sent = 0;
        for (int kill = 1; kill <= 3; kill++) {
            for (int i = 0; i < 50; i++) {
                send("a", String.valueOf(sent++));
            }
            assertThat(killHub()).isEqualTo(1);
            for (int i = 0; i < 50; i++) {
                send("a", String.valueOf(sent++));
            }
            int gaps = kill;
            await().until(() -> gaps(heard) == gaps && gaps(quiet) == gaps);
        }
        send("a", "last");
        heard.await("last");
        assertThat(channels.status().reconnects()).isEqualTo(3);
        assertThat(quiet.all()).containsExactly(Heard.GAP, Heard.GAP, Heard.GAP);
        assertExplained(heard.all());
    }

    private static long gaps(Heard heard) {
        return heard.all().stream().filter(Heard.GAP::equals).count();
    }

    /** Between two neighbours that are not successive numbers there is a gap. */
    private static void assertExplained(List<String> heard) {
        int expected = 0;
        boolean gap = false;
        for (String each : heard) {
            if (each.equals(Heard.GAP)) {
                gap = true;
            } else if (!each.equals("last")) {
                int number = Integer.parseInt(each);
                assertThat(number == expected || (gap && number > expected))
                        .as("%s after %s in %s", each, expected - 1, heard)
                        .isTrue();
                expected = number + 1;
                gap = false;
            }
        }
    }

    @Test
    void areToldOfTheGapAfterARestartOfTheBus() {
        bus.start();
        channels.listen("a", heard);
        send("a", "unknown");
        bus.stop();
        assertThat(channels.status().connectedSince()).isNull();
        send("a", "missed");
        bus.start();
        heard.await(Heard.GAP);
        send("a", "2");
        heard.await("2");
        assertThat(heard.all()).endsWith(Heard.GAP, "2").doesNotContain("missed");
    }

    @Test
    void aStopInterruptsAListenerThatTakesTooLong() throws InterruptedException {
        bus.start();
        CountDownLatch began = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        Registration registration = channels.listen("a", notification -> {
            began.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException ex) {
                interrupted.countDown();
            }
        });
        assertThat(registration.awaitListening(LONG)).isTrue();
        send("a", "1");
        began.await();
        bus.stop();
        assertThat(interrupted.getCount()).isZero();
    }

    @Test
    void sayHowTheConnectionIs() {
        assertThat(channels.status().connectedSince()).isNull();
        bus.start();
        await().until(() -> channels.status().connectedSince() != null);
        await().until(() -> channels.status().lastHeard() != null);
        assertThat(channels.status().reconnects()).isZero();
        assertThat(channels.status().dropped()).isZero();
    }

    @Test
    void refuseNamesAndWhatCannotListen() {
        assertThatThrownBy(() -> channels.listen("pg_events_1", heard)).isInstanceOf(InvalidEventException.class);
        assertThatThrownBy(() -> new Channels(Runnable::run, false).listen("a", heard))
                .isInstanceOf(PgEventsException.class)
                .hasMessageContaining("pg-events.listen.enabled=true");
    }
}
