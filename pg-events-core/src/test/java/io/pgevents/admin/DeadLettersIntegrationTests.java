package io.pgevents.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pgevents.OutgoingEvent;
import io.pgevents.admin.DeadLetters.DeadLetter;
import io.pgevents.support.Recorder;
import io.pgevents.support.TestBus;
import io.pgevents.support.TestPostgres;
import io.pgevents.support.TestSettings;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Dead letters can be looked at and handled again. */
class DeadLettersIntegrationTests {

    private final TestBus bus = new TestBus(TestPostgres.newDatabaseUrl());
    private final DeadLetters deadLetters = new DeadLetters(bus.pool(), bus.schema());
    private final AtomicBoolean broken = new AtomicBoolean(true);
    private final Recorder recorder = new Recorder();

    @BeforeEach
    void failSome() {
        bus.settings(TestSettings::slowPoll)
                .subscribe("s", "a", TestSettings.QUICK, event -> {
                    if (broken.get()) {
                        throw new IllegalStateException("broken");
                    }
                    return recorder.handle(event);
                })
                .start();
        for (int i = 1; i <= 3; i++) {
            bus.publisher().publish(OutgoingEvent.of("a", i).withType("T").withKey("k" + i));
            int failed = i;
            await().until(() -> bus.count("failed") == failed);
        }
        bus.jdbc()
                .update("INSERT INTO event_queue (topic, payload, subscription, status, finished_at, created_at) VALUES"
                        + " ('b', '4', 'other', 'failed', now() - interval '1 day', now()),"
                        + " ('b', '5', NULL, 'failed', now() - interval '2 days', now()),"
                        + " ('b', '6', 's', 'done', now(), now())");
    }

    @AfterEach
    void close() {
        bus.close();
    }

    @Test
    void listsTheNewestFirst() {
        assertThat(deadLetters.list(null, 1000))
                .extracting(DeadLetter::payload)
                .containsExactly("3", "2", "1", "4", "5");
        assertThat(deadLetters.list(null, 2)).extracting(DeadLetter::payload).containsExactly("3", "2");
        assertThat(deadLetters.list("other", 10))
                .extracting(DeadLetter::payload)
                .containsExactly("4");
        assertThat(deadLetters.list("unknown", 10)).isEmpty();
    }

    @Test
    void saysAllThatIsKnown() {
        DeadLetter letter = deadLetters.list("s", 1).get(0);
        assertThat(letter.topic()).isEqualTo("a");
        assertThat(letter.subscription()).isEqualTo("s");
        assertThat(letter.type()).isEqualTo("T");
        assertThat(letter.key()).isEqualTo("k3");
        assertThat(letter.attempts()).isEqualTo(3);
        assertThat(letter.error())
                .contains("IllegalStateException: broken", "at io.pgevents.admin.DeadLettersIntegrationTests");
        assertThat(letter.failedAt()).isAfter(letter.createdAt());
        assertThat(letter.createdAt()).isEqualTo(instant("created_at", letter));
        assertThat(letter.failedAt()).isEqualTo(instant("finished_at", letter));
    }

    @Test
    void replaysOneAtOnceWithAllItsAttempts() {
        broken.set(false);
        assertThat(deadLetters.replay(deadLetters.list("s", 10).get(1).id())).isTrue();
        assertThat(recorder.await(1).get(0).metadata().attempt()).isEqualTo(1);
        await().until(() -> bus.count("failed") == 4);
        assertThat(recorder.payloads()).containsExactly("2");
    }

    @Test
    void replaysNothingThatIsNoDeadLetter() {
        long done = bus.jdbc().queryForObject("SELECT id FROM event_queue WHERE status = 'done'", Long.class);
        assertThat(deadLetters.replay(done)).isFalse();
        assertThat(deadLetters.replay(-1)).isFalse();
        assertThat(bus.count("done")).isEqualTo(1);
    }

    @Test
    void replaysTheOldestOfASubscriptionFirst() {
        broken.set(false);
        assertThat(deadLetters.replayAll("s", 2)).isEqualTo(2);
        recorder.await(2);
        await().until(() -> bus.count("failed") == 3);
        assertThat(recorder.payloads()).containsExactly("1", "2");
        assertThat(deadLetters.replayAll("s", 100)).isEqualTo(1);
        assertThat(deadLetters.replayAll("s", 100)).isZero();
        assertThat(deadLetters.list(null, 10)).extracting(DeadLetter::payload).containsExactly("4", "5");
    }

    @Test
    void joinsTheCallersTransaction() {
        bus.transaction().executeWithoutResult(status -> {
            assertThat(deadLetters.replayAll("other", 10)).isEqualTo(1);
            status.setRollbackOnly();
        });
        assertThat(bus.count("failed")).isEqualTo(5);
    }

    @Test
    void refusesLimitsWithoutSense() {
        for (int limit : List.of(0, -1, 10_001)) {
            assertThatThrownBy(() -> deadLetters.list(null, limit)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> deadLetters.replayAll("s", limit)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    private Instant instant(String column, DeadLetter letter) {
        return bus.jdbc()
                .queryForObject(
                        "SELECT " + column + " FROM event_queue WHERE id = ?", OffsetDateTime.class, letter.id())
                .toInstant();
    }
}
