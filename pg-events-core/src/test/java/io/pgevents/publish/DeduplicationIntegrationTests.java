package io.pgevents.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pgevents.OutgoingEvent;
import io.pgevents.PublishReceipt;
import io.pgevents.PublishReceipt.Outcome;
import io.pgevents.codec.Jackson2EventCodec;
import io.pgevents.maintenance.Maintenance;
import io.pgevents.maintenance.Retention;
import io.pgevents.publish.JdbcEventPublisher.PublishSettings;
import io.pgevents.support.TestBus;
import io.pgevents.support.TestPostgres;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One topic and de-duplication key is stored once within the window. */
class DeduplicationIntegrationTests {

    private final TestBus bus = new TestBus(TestPostgres.newDatabaseUrl());
    private final ExecutorService executor = Executors.newCachedThreadPool();

    @AfterEach
    void close() {
        executor.shutdownNow();
        bus.close();
    }

    @Test
    void refusesTheSecondOfOneBatch() {
        List<PublishReceipt> receipts = bus.publisher()
                .publishAll(List.of(
                        keyed("a", 1),
                        keyed("a", 2),
                        OutgoingEvent.of("a", 3),
                        OutgoingEvent.of("a", 4),
                        OutgoingEvent.of("a", 5).withDeduplicationKey("other")));
        assertThat(receipts)
                .extracting(PublishReceipt::outcome)
                .containsExactly(Outcome.WAITING, Outcome.DUPLICATE, Outcome.WAITING, Outcome.WAITING, Outcome.WAITING);
        assertThat(payloads()).containsExactly("1", "3", "4", "5");
    }

    @Test
    void refusesTheSecondOfTwoTransactions() {
        assertThat(bus.publisher().publish(keyed("a", 1)).isDuplicate()).isFalse();
        PublishReceipt second = bus.publisher().publish(keyed("a", 2));
        assertThat(second.outcome()).isEqualTo(Outcome.DUPLICATE);
        assertThat(second.deliveries()).isZero();
        assertThat(payloads()).containsExactly("1");
    }

    @Test
    void refusesTheSecondOfOneTransaction() {
        bus.transaction().executeWithoutResult(status -> {
            assertThat(bus.publisher().publish(keyed("a", 1)).isDuplicate()).isFalse();
            assertThat(bus.publisher().publish(keyed("a", 2)).isDuplicate()).isTrue();
        });
        assertThat(payloads()).containsExactly("1");
    }

    @Test
    void doesNotMixUpTopics() {
        assertThat(bus.publisher().publishAll(List.of(keyed("a", 1), keyed("b", 2))))
                .noneMatch(PublishReceipt::isDuplicate);
        assertThat(bus.publisher().publish(keyed("c", 3)).isDuplicate()).isFalse();
        assertThat(payloads()).containsExactly("1", "2", "3");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void waitsForTheTransactionThatHasTheKey(boolean commit) throws Exception {
        Future<PublishReceipt> second = bus.transaction().execute(status -> {
            bus.publisher().publish(keyed("a", 1));
            Future<PublishReceipt> other = executor.submit(() -> bus.publisher().publish(keyed("a", 2)));
            await().until(() -> bus.jdbc()
                    .queryForObject(
                            "SELECT count(*) > 0 FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                                    + " AND datname = current_database()",
                            Boolean.class));
            if (!commit) {
                status.setRollbackOnly();
            }
            return other;
        });
        assertThat(second).isNotNull();
        assertThat(second.get().isDuplicate()).isEqualTo(commit);
        assertThat(payloads()).containsExactly(commit ? "1" : "2");
    }

    @Test
    void storesExactlyOneOfManyConcurrentOnes() throws Exception {
        List<Future<PublishReceipt>> all = executor.invokeAll(java.util.Collections.nCopies(
                16,
                () -> bus.publisher()
                        .publishAll(List.of(keyed("b", 0), keyed("a", 1)))
                        .get(1)));
        int stored = 0;
        for (Future<PublishReceipt> each : all) {
            stored += each.get().isDuplicate() ? 0 : 1;
        }
        assertThat(stored).isEqualTo(1);
        assertThat(payloads()).hasSize(2);
    }

    @Test
    void forgetsTheKeyAfterTheWindow() {
        assertThat(bus.publisher().publish(keyed("a", 1)).isDuplicate()).isFalse();
        assertThat(bus.publisher().publish(keyed("a", 2)).isDuplicate()).isTrue();
        bus.jdbc().update("UPDATE event_deduplication SET expires_at = clock_timestamp()");
        assertThat(bus.publisher().publish(keyed("a", 3)).isDuplicate()).isFalse();
        assertThat(bus.publisher().publish(keyed("a", 4)).isDuplicate()).isTrue();
        assertThat(payloads()).containsExactly("1", "3");
    }

    @Test
    void theWindowBeginsWithThePublication() {
        JdbcEventPublisher hour = new JdbcEventPublisher(
                bus.pool(), bus.schema(), new Jackson2EventCodec(), new PublishSettings(1000, Duration.ofHours(1)));
        bus.jdbc().update("INSERT INTO event_deduplication VALUES ('b', 'key', gen_random_uuid(), now())");
        List<Boolean> anHour = bus.transaction().execute(status -> {
            hour.publishAll(List.of(keyed("a", 1), keyed("b", 1)));
            return bus.jdbc()
                    .queryForList(
                            "SELECT expires_at - interval '1 h' BETWEEN now() AND clock_timestamp()"
                                    + " FROM event_deduplication",
                            Boolean.class);
        });
        assertThat(anHour).containsExactly(true, true);
    }

    @Test
    void prunesOnlyKeysWhoseWindowIsOver() {
        bus.publisher().publish(keyed("kept", 1));
        bus.jdbc()
                .update(
                        "INSERT INTO event_deduplication SELECT 'over', n::text, gen_random_uuid(), now() - interval '1 s'"
                                + " FROM generate_series(1, 1500) n");
        assertThat(new Maintenance(bus.pool(), bus.schema(), Retention.DEFAULT).prune())
                .isEqualTo(1500);
        assertThat(bus.jdbc().queryForList("SELECT topic FROM event_deduplication", String.class))
                .containsExactly("kept");
    }

    private static OutgoingEvent keyed(String topic, int payload) {
        return OutgoingEvent.of(topic, payload).withDeduplicationKey("key");
    }

    private List<String> payloads() {
        return bus.jdbc().queryForList("SELECT payload::text FROM event_queue ORDER BY id", String.class);
    }
}
