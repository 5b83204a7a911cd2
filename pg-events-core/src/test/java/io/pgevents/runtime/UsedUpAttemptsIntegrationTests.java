package io.pgevents.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pgevents.OutgoingEvent;
import io.pgevents.subscription.EventHandler;
import io.pgevents.subscription.EventHandler.RawEvent;
import io.pgevents.subscription.SubscriptionSettings;
import io.pgevents.support.Recorder;
import io.pgevents.support.TestBus;
import io.pgevents.support.TestPostgres;
import io.pgevents.support.TestSettings;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What has no attempt left when it is claimed. */
class UsedUpAttemptsIntegrationTests {

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
    void failsWithoutAHandling(SubscriptionSettings mode) {
        bus.subscribe("s", "a", mode, recorder).start();
        bus.jdbc()
                .update("INSERT INTO event_queue (topic, payload, attempt_count, max_attempts) VALUES"
                        + " ('a', '\"used up\"', 3, NULL), ('a', '\"lowered\"', 2, 1),"
                        + " ('a', '\"one left\"', 2, NULL), ('a', '\"more allowed\"', 3, 4)");
        await().until(() -> bus.count("failed") == 2 && bus.count("done") == 2);
        assertThat(recorder.payloads()).containsExactlyInAnyOrder("\"one left\"", "\"more allowed\"");
        assertThat(bus.jdbc()
                        .queryForList(
                                "SELECT last_error FROM event_queue WHERE payload IN ('\"used up\"', '\"lowered\"')",
                                String.class))
                .hasSize(2)
                .allMatch(error -> error.startsWith("No attempt is left"));
    }

    @Test
    void keepsTheErrorOfTheLastAttemptThatEnded() {
        bus.subscribe("s", "a", TestSettings.QUICK, recorder).start();
        bus.jdbc()
                .update("INSERT INTO event_queue (topic, payload, attempt_count, max_attempts, last_error)"
                        + " VALUES ('a', '1', 4, 3, 'java.lang.IllegalStateException: no stock')");
        await().until(() -> bus.count("failed") == 1);
        assertThat(bus.jdbc().queryForObject("SELECT last_error FROM event_queue", String.class))
                .startsWith("No attempt is left: 4 were made, and 3 are allowed.")
                .endsWith("java.lang.IllegalStateException: no stock");
    }

    @Test
    void failsInABatchWithoutAHandling() {
        handleTogetherWithWhatHasUsedUpItsAttempts(TestSettings.QUICK);
    }

    @Test
    void failsInALeasedBatchWithoutAHandling() {
        handleTogetherWithWhatHasUsedUpItsAttempts(TestSettings.leased());
    }

    private void handleTogetherWithWhatHasUsedUpItsAttempts(SubscriptionSettings mode) {
        bus.subscribe("s", "a", mode, new Together(recorder)).start();
        bus.jdbc()
                .update("INSERT INTO event_queue (topic, payload, attempt_count)"
                        + " VALUES ('a', '1', 0), ('a', '2', 3), ('a', '3', 2)");
        await().until(() -> bus.count("pending") + bus.count("processing") == 0);
        assertThat(recorder.payloads()).containsExactlyInAnyOrder("1", "3");
        assertThat(bus.count("failed")).isEqualTo(1);
    }

    /** Takes batches. */
    private record Together(Recorder recorder) implements EventHandler<RawEvent> {

        @Override
        public RawEvent convert(RawEvent event) {
            return event;
        }

        @Override
        public List<OutgoingEvent> handle(List<RawEvent> events) {
            events.forEach(recorder::handle);
            return List.of();
        }

        @Override
        public boolean isBatch() {
            return true;
        }

        @Override
        public @Nullable Set<String> knownTypes() {
            return null;
        }
    }
}
