package io.pgevents.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pgevents.OutgoingEvent;
import io.pgevents.subscription.SubscriptionSettings.Mode;
import io.pgevents.support.TestBus;
import io.pgevents.support.TestPostgres;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Processes that are killed, paused, or that an event kills. */
@Timeout(300)
class KilledProcessClusterTests {

    private static final Duration LONG = Duration.ofMinutes(2);

    private final String url = TestPostgres.newDatabaseUrl();
    private TestBus here;

    @BeforeEach
    void prepare() {
        here = node(Mode.TRANSACTIONAL);
    }

    @AfterEach
    void close() {
        here.close();
    }

    private TestBus node(Mode mode) {
        TestBus bus = new TestBus(url);
        Effects.create(bus);
        return bus.subscribe("s", "t", ChildNode.settings(mode), event -> {
            Effects.write(bus, event, "here");
            return List.of();
        });
    }

    private void publish(int events) {
        here.publisher()
                .publishAll(IntStream.range(0, events)
                        .mapToObj(seq -> OutgoingEvent.of("t", Effects.payload("k", seq)))
                        .toList());
    }

    @Test
    void whatAKilledProcessHadClaimedIsHandledOnceByAnother() throws InterruptedException {
        publish(1000);
        try (ChildNode child = ChildNode.start(url, Mode.TRANSACTIONAL, 5)) {
            await().atMost(LONG).until(() -> Effects.count(here) > 50);
            child.kill();
        }
        here.start();
        await().atMost(LONG).until(() -> here.count("done") == 1000);
        assertThat(Effects.count(here)).isEqualTo(1000);
        assertThat(Effects.distinct(here)).isEqualTo(1000);
        assertThat(Effects.number(here, "SELECT max(attempt_count) FROM event_queue"))
                .isLessThanOrEqualTo(2);
    }

    @Test
    void aRunningInstanceTakesOverWhatAKilledOneHadLocked() throws InterruptedException {
        here.start();
        try (ChildNode child = ChildNode.start(url, Mode.TRANSACTIONAL, 20)) {
            await().atMost(LONG).until(() -> Effects.number(here, "SELECT count(*) FROM event_node") == 2);
            // Who gets which event is chance, and few events need no help: many, until the child has some as well.
            await().atMost(LONG).until(() -> {
                publish(500);
                return Effects.number(here, "SELECT count(*) FROM effect WHERE node = 'child'") > 0;
            });
            child.kill();
        }
        long published = Effects.number(here, "SELECT count(*) FROM event_queue");
        await().atMost(LONG).until(() -> here.count("done") == published);
        assertThat(Effects.count(here)).isEqualTo(published);
    }

    @Test
    void theLeasesOfAKilledProcessEndAndItsAttemptsCount() throws InterruptedException {
        here.close();
        here = node(Mode.LEASED);
        publish(300);
        try (ChildNode child = ChildNode.start(url, Mode.LEASED, 10)) {
            await().atMost(LONG).until(() -> Effects.count(here) > 20);
            child.kill();
        }
        assertThat(here.count("processing")).isPositive();
        here.start();
        await().atMost(LONG).until(() -> here.count("done") == 300);
        assertThat(Effects.distinct(here)).isEqualTo(300);
        assertThat(Effects.number(here, "SELECT max(attempt_count) FROM event_queue"))
                .isEqualTo(2);
    }

    @Test
    void theCompletionOfAPausedProcessChangesNothingOnceItsLeaseIsOver() {
        here.close();
        here = node(Mode.LEASED);
        publish(3);
        try (ChildNode child = ChildNode.start(url, Mode.LEASED, 300)) {
            await().atMost(LONG).until(() -> Effects.count(here) > 0);
            child.pause();
            here.start();
            await().atMost(LONG).until(() -> here.count("done") == 3);
            String before = rows();
            assertThat(Effects.number(here, "SELECT max(attempt_count) FROM event_queue"))
                    .isEqualTo(2);
            here.stop();
            child.resume();
            publish(1);
            await().atMost(LONG).until(() -> here.count("done") == 4);
            assertThat(rows()).startsWith(before);
            assertThat(Effects.distinct(here)).isEqualTo(3);
        }
    }

    private String rows() {
        return String.join(
                "\n",
                here.jdbc()
                        .queryForList(
                                "SELECT id || ' ' || status || ' ' || attempt_count || ' ' || finished_at"
                                        + " FROM event_queue ORDER BY id",
                                String.class));
    }

    @Test
    void anEventThatKillsItsProcessEndsAsADeadLetterAndItsNeighboursAreHandledOnce() throws InterruptedException {
        publish(100);
        here.publisher().publish("t", Map.of("poison", true));
        publish(100);
        int restarts = 0;
        while (here.count("failed") == 0 && restarts < 12) {
            try (ChildNode child = ChildNode.start(url, Mode.TRANSACTIONAL, 1)) {
                restarts++;
                await().atMost(LONG).until(() -> child.awaitEnd(0) || here.count("failed") == 1);
            }
        }
        assertThat(restarts).isLessThanOrEqualTo(3 + 3);
        here.start();
        await().atMost(LONG).until(() -> here.count("done") == 200);
        assertThat(here.count("failed")).isEqualTo(1);
        assertThat(Effects.count(here)).isEqualTo(200);
        assertThat(here.jdbc()
                        .queryForObject("SELECT payload::text FROM event_queue WHERE status = 'failed'", String.class))
                .contains("poison");
    }
}
