package io.pgevents.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pgevents.OutgoingEvent;
import io.pgevents.PayloadConversionException;
import io.pgevents.RejectEventException;
import io.pgevents.retry.RetryPolicy;
import io.pgevents.retry.RetryPolicy.Backoff;
import io.pgevents.subscription.EventHandler;
import io.pgevents.subscription.EventHandler.RawEvent;
import io.pgevents.subscription.SubscriptionSettings;
import io.pgevents.support.Recorder;
import io.pgevents.support.TestBus;
import io.pgevents.support.TestPostgres;
import io.pgevents.support.TestSettings;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What follows a failed attempt, in both modes where they share it. */
class RetryIntegrationTests {

    private static final Duration BEFORE_THE_POLL = Duration.ofSeconds(30);

    private final TestBus bus = new TestBus(TestPostgres.newDatabaseUrl());
    private final Recorder recorder = new Recorder();

    static List<SubscriptionSettings> modes() {
        return List.of(TestSettings.QUICK, TestSettings.leased());
    }

    @AfterEach
    void close() {
        bus.close();
    }

    @ParameterizedTest
    @MethodSource("modes")
    void becomesADeadLetterAfterTheLastAttemptWithItsStackTrace(SubscriptionSettings mode) {
        bus.subscribe("s", "a", mode, event -> {
                    recorder.handle(event);
                    throw new IllegalStateException("outer \0 broke", new IllegalArgumentException("inner broke"));
                })
                .start();
        bus.publisher().publish("a", 1);
        await().until(() -> bus.count("failed") == 1);
        assertThat(recorder.events())
                .extracting(event -> event.metadata().attempt())
                .containsExactly(1, 2, 3);
        assertThat(recorder.events())
                .extracting(event -> event.metadata().isLastAttempt())
                .containsExactly(false, false, true);
        Map<String, Object> row = bus.jdbc().queryForMap("SELECT * FROM event_queue");
        assertThat(row).containsEntry("attempt_count", 3).containsEntry("locked_by", null);
        assertThat(row.get("finished_at")).isNotNull();
        assertThat((String) row.get("last_error"))
                .startsWith("java.lang.IllegalStateException: outer \\0 broke")
                .contains("Caused by: java.lang.IllegalArgumentException: inner broke", "RetryIntegrationTests.java");
    }

    /** The first claim after a start is a sweep, and as long as its claims are full the next one continues it. */
    @Test
    void theNeighboursOfAFailedEventDoNotWaitForTheRestOfTheBacklog() {
        bus.jdbc()
                .update("INSERT INTO event_queue (topic, payload, subscription, process_at)"
                        + " SELECT 'a', to_jsonb(n), 's', now() - interval '1 min' + n * interval '1 ms'"
                        + " FROM generate_series(0, 2999) n");
        bus.subscribe("s", "a", TestSettings.batchSize(100), event -> {
                    if (event.payload().equals("3")) {
                        throw new IllegalStateException("broken");
                    }
                    return recorder.handle(event);
                })
                .start();
        await().atMost(BEFORE_THE_POLL).until(() -> bus.count("done") == 2999 && bus.count("failed") == 1);
        assertThat(recorder.payloads().subList(0, 500)).contains("4", "5", "6", "7");
    }

    @Test
    void keepsTheBeginningAndTheLastCauseOfAnEndlessError() {
        bus.subscribe("s", "a", TestSettings.QUICK, event -> {
                    throw new RejectEventException(
                            "outer " + "x".repeat(100_000), new IllegalStateException("inner broke"));
                })
                .start();
        bus.publisher().publish("a", 1);
        await().until(() -> bus.count("failed") == 1);
        assertThat(bus.jdbc().queryForObject("SELECT last_error FROM event_queue", String.class))
                .startsWith("io.pgevents.RejectEventException: outer x")
                .contains("…", "Caused by: java.lang.IllegalStateException: inner broke")
                .hasSizeLessThan(33_000);
    }

    @ParameterizedTest
    @MethodSource("modes")
    void succeedsAtALaterAttemptAndSaysWhyTheEarlierFailed(SubscriptionSettings mode) {
        bus.subscribe("s", "a", mode, event -> {
                    if (event.metadata().attempt() < 3) {
                        throw new IllegalStateException(
                                "attempt " + event.metadata().attempt());
                    }
                    return recorder.handle(event);
                })
                .start();
        bus.publisher().publish("a", 1);
        await().until(() -> bus.count("done") == 1);
        assertThat(bus.jdbc()
                        .queryForMap("SELECT attempt_count, last_error LIKE '%attempt 2%' AS why FROM event_queue"))
                .containsEntry("attempt_count", 3)
                .containsEntry("why", true);
    }

    @Test
    void waitsLongerAfterEachFailureAndThenForNoPoll() {
        RetryPolicy policy = new RetryPolicy(
                4, new Backoff(Duration.ofMillis(200), 2, Duration.ofMillis(400), 0), Set.of(), Set.of());
        Queue<OffsetDateTime> attempts = new ConcurrentLinkedQueue<>();
        noteEachRetry();
        bus.settings(TestSettings::slowPoll)
                .subscribe("s", "a", TestSettings.retry(policy), event -> {
                    attempts.add(bus.jdbc().queryForObject("SELECT clock_timestamp()", OffsetDateTime.class));
                    throw new IllegalStateException("broken");
                })
                .start();
        bus.publisher().publish("a", 1);
        await().atMost(BEFORE_THE_POLL).until(() -> bus.count("failed") == 1);
        // The delay was added between the two times of the database that the note holds.
        assertThat(bus.jdbc()
                        .queryForList(
                                "SELECT delay FROM (VALUES (1, 200), (2, 400), (3, 400)) expected (attempt, delay)"
                                        + " JOIN retry USING (attempt)"
                                        + " WHERE delay * interval '1 ms' BETWEEN due - written AND due - begun"
                                        + " ORDER BY attempt",
                                Integer.class))
                .containsExactly(200, 400, 400);
        List<OffsetDateTime> due =
                bus.jdbc().queryForList("SELECT due FROM retry ORDER BY attempt", OffsetDateTime.class);
        assertThat(attempts).hasSize(4);
        assertThat(List.copyOf(attempts).subList(1, 4))
                .zipSatisfy(due, (attempt, dueAt) -> assertThat(attempt).isAfterOrEqualTo(dueAt));
    }

    /** Each failure with the time it is due again, the begin of its transaction, and a time after it was written. */
    private void noteEachRetry() {
        bus.jdbc()
                .execute("CREATE TABLE retry (attempt int, due timestamptz, begun timestamptz DEFAULT now(),"
                        + " written timestamptz DEFAULT clock_timestamp())");
        bus.jdbc()
                .execute("CREATE FUNCTION note_retry() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                        + " INSERT INTO retry (attempt, due) VALUES (NEW.attempt_count, NEW.process_at);"
                        + " RETURN NULL; END $$");
        bus.jdbc()
                .execute("CREATE TRIGGER note_retry AFTER UPDATE ON event_queue FOR EACH ROW"
                        + " WHEN (NEW.status = 'pending') EXECUTE FUNCTION note_retry()");
    }

    @ParameterizedTest
    @MethodSource("modes")
    void givesUpAtOnceWhenTheHandlerRejects(SubscriptionSettings mode) {
        bus.subscribe("s", "a", mode, event -> {
                    throw new IllegalStateException(new RejectEventException("no such order"));
                })
                .start();
        bus.publisher().publish("a", 1);
        await().until(() -> bus.count("failed") == 1);
        assertThat(attempts()).isEqualTo(1);
    }

    @Test
    void triesAgainOnlyWhatThePolicyAllows() {
        RetryPolicy policy = new RetryPolicy(
                3,
                new Backoff(Duration.ZERO, 1, Duration.ZERO, 0),
                Set.of(IllegalStateException.class),
                Set.of(IllegalThreadStateException.class, java.util.concurrent.CancellationException.class));
        bus.subscribe("s", "a", TestSettings.retry(policy), event -> {
                    throw switch (event.payload()) {
                        case "1" -> new IllegalStateException();
                        case "2" -> new java.util.concurrent.CancellationException();
                        case "3" -> new IllegalArgumentException();
                        default -> new IllegalArgumentException(new IllegalStateException());
                    };
                })
                .start();
        for (int i = 1; i <= 4; i++) {
            bus.publisher().publish("a", i);
        }
        await().until(() -> bus.count("failed") == 4);
        assertThat(bus.jdbc().queryForList("SELECT attempt_count FROM event_queue ORDER BY id", Integer.class))
                .containsExactly(3, 1, 1, 3);
    }

    @ParameterizedTest
    @MethodSource("modes")
    void obeysTheAttemptsOfTheEventItself(SubscriptionSettings mode) {
        bus.subscribe("s", "a", mode, event -> {
                    throw new IllegalStateException("broken");
                })
                .start();
        bus.jdbc()
                .update(
                        "INSERT INTO event_queue (topic, payload, max_attempts) VALUES ('a', '1', 1), ('a', '2', 5), ('a', '3', NULL)");
        await().atMost(Duration.ofSeconds(20)).until(() -> bus.count("failed") == 3);
        assertThat(bus.jdbc().queryForList("SELECT attempt_count FROM event_queue ORDER BY payload", Integer.class))
                .containsExactly(1, 5, 3);
    }

    @ParameterizedTest
    @MethodSource("modes")
    void failsAtOnceWhatCannotBeConvertedAndHandlesItsNeighbours(SubscriptionSettings mode) {
        bus.subscribe("s", "a", mode, new Numbers(recorder)).start();
        bus.stop();
        bus.publisher()
                .publishAll(List.of(
                        OutgoingEvent.of("a", 1),
                        OutgoingEvent.of("a", "two"),
                        OutgoingEvent.of("a", 3),
                        OutgoingEvent.of("a", List.of())));
        bus.start();
        await().until(() -> bus.count("failed") == 2 && bus.count("done") == 2);
        assertThat(recorder.payloads()).containsExactly("1", "3");
        assertThat(bus.jdbc()
                        .queryForList(
                                "SELECT attempt_count || ' ' || split_part(last_error, ':', 1) FROM event_queue WHERE status = 'failed'",
                                String.class))
                .containsOnly("1 io.pgevents.PayloadConversionException");
    }

    @Test
    void leavesAFanOutsOtherSubscriptionAlone() {
        bus.subscribe("bad", "a", TestSettings.QUICK, event -> {
                    throw new IllegalStateException("broken");
                })
                .subscribe("good", "a", TestSettings.QUICK, recorder)
                .start();
        for (int i = 0; i < 20; i++) {
            bus.publisher().publish("a", i);
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> bus.count("failed") == 20);
        assertThat(bus.jdbc()
                        .queryForList(
                                "SELECT subscription || ' ' || status || ' ' || max(attempt_count) || ' ' || count(*) FROM event_queue"
                                        + " GROUP BY subscription, status ORDER BY subscription",
                                String.class))
                .containsExactly("bad failed 3 20", "good done 1 20");
        assertThat(recorder.events()).hasSize(20);
    }

    /** Takes numbers only. */
    private record Numbers(Recorder recorder) implements EventHandler<RawEvent> {

        @Override
        public RawEvent convert(RawEvent event) {
            if (event.payload().startsWith("[")) {
                throw new IllegalArgumentException("a bug of the converter");
            }
            if (event.payload().startsWith("\"")) {
                throw new PayloadConversionException("not a number", null);
            }
            return event;
        }

        @Override
        public List<OutgoingEvent> handle(List<RawEvent> events) {
            return recorder.handle(events.get(0));
        }

        @Override
        public boolean isBatch() {
            return false;
        }

        @Override
        public @Nullable Set<String> knownTypes() {
            return null;
        }
    }

    private int attempts() {
        return bus.jdbc().queryForObject("SELECT attempt_count FROM event_queue", Integer.class);
    }
}
