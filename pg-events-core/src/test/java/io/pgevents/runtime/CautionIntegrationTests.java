package io.pgevents.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pgevents.support.Recorder;
import io.pgevents.support.TestBus;
import io.pgevents.support.TestPostgres;
import io.pgevents.support.TestSettings;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What happens after a crash to events that may have been its cause. */
class CautionIntegrationTests {

    private static final Duration SOON = Duration.ofSeconds(20);

    private final TestBus bus = new TestBus(TestPostgres.newDatabaseUrl());
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);

    @AfterEach
    void close() {
        released.countDown();
        bus.close();
    }

    /** Both events marked "failed" have to be handled alone; the second waits for the first, and nothing else does. */
    @Test
    void aSlowEventThatIsHandledAloneHoldsUpOnlyWhatHasToBeAloneAsWell() {
        Recorder others = new Recorder();
        bus.subscribe("slow", "a", TestSettings.QUICK, event -> {
            begun.countDown();
            released.await();
            return List.of();
        });
        bus.subscribe("s", "b", TestSettings.batchSize(10), others);
        bus.jdbc().update("INSERT INTO event_node (name, listens) VALUES ('crashed', true)");
        insert("slow", "a", "failed", 1);
        insert("s", "b", "failed", 1);
        for (int i = 0; i < 30; i++) {
            insert("s", "b", "new", 0);
        }
        // Only "slow" is there at first, so that it is the one that is alone.
        bus.jdbc()
                .update("UPDATE event_queue SET process_at = process_at + interval '1 hour' WHERE subscription = 's'");
        bus.start();
        await().atMost(SOON).until(() -> begun.getCount() == 0);
        bus.jdbc().update("UPDATE event_queue SET process_at = created_at WHERE subscription = 's'");
        others.await(30);
        assertThat(others.payloads()).containsOnly("\"new\"");
        released.countDown();
        others.await(31);
        await().atMost(SOON).until(() -> bus.count("done") == 32);
    }

    private void insert(String subscription, String topic, String payload, int attempts) {
        bus.jdbc()
                .update(
                        "INSERT INTO event_queue (topic, payload, subscription, attempt_count)"
                                + " VALUES (?, to_jsonb(?::text), ?, ?)",
                        topic,
                        payload,
                        subscription,
                        attempts);
    }
}
