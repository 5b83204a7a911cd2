package io.pgevents.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pgevents.OutgoingEvent;
import io.pgevents.support.Recorder;
import io.pgevents.support.TestBus;
import io.pgevents.support.TestPostgres;
import io.pgevents.support.TestSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Many publishers at a time, some of which roll back. */
class PublishConcurrencyIntegrationTests {

    private static final int THREADS = 32;
    private static final int TRANSACTIONS = 40;

    private final Recorder recorder = new Recorder();
    private final Set<String> committed = ConcurrentHashMap.newKeySet();
    private final Set<String> rolledBack = ConcurrentHashMap.newKeySet();

    @Test
    void deliversAllThatIsCommittedAndNothingThatIsRolledBack() throws Exception {
        try (TestBus bus = new TestBus(TestPostgres.newDatabaseUrl())
                .subscribe("s", "load.#", TestSettings.QUICK, recorder)
                .start()) {
            ExecutorService threads = Executors.newFixedThreadPool(THREADS);
            List<Future<?>> all = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                int seed = thread;
                all.add(threads.submit(() -> publishMany(bus, seed)));
            }
            for (Future<?> each : all) {
                each.get();
            }
            threads.shutdown();
            await().atMost(Duration.ofSeconds(30)).until(() -> bus.count("done") == committed.size());
            assertThat(recorder.payloads()).containsExactlyInAnyOrderElementsOf(committed);
            assertThat(rolledBack).hasSizeGreaterThan(100);
            assertThat(bus.jdbc().queryForObject("SELECT count(*) FROM event_queue", Integer.class))
                    .isEqualTo(committed.size());
        }
    }

    private void publishMany(TestBus bus, int seed) {
        Random random = new Random(seed);
        for (int i = 0; i < TRANSACTIONS; i++) {
            boolean rollBack = random.nextInt(3) == 0;
            List<String> payloads = new ArrayList<>();
            for (int n = 0; n <= random.nextInt(4); n++) {
                payloads.add(String.valueOf(seed * 1_000_000 + i * 1_000 + n));
            }
            bus.transaction().executeWithoutResult(status -> {
                if (random.nextBoolean()) {
                    bus.publisher()
                            .publishAll(payloads.stream()
                                    .map(payload -> OutgoingEvent.ofJson("load.batch", payload))
                                    .toList());
                } else {
                    payloads.forEach(payload -> bus.publisher().publish(OutgoingEvent.ofJson("load.single", payload)));
                }
                if (rollBack) {
                    status.setRollbackOnly();
                }
            });
            (rollBack ? rolledBack : committed).addAll(payloads);
        }
    }
}
