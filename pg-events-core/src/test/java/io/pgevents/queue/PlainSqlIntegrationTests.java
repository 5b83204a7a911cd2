package io.pgevents.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pgevents.OutgoingEvent;
import io.pgevents.maintenance.Maintenance;
import io.pgevents.maintenance.Retention;
import io.pgevents.subscription.EventHandler.RawEvent;
import io.pgevents.subscription.SubscriptionSettings.Order;
import io.pgevents.support.Recorder;
import io.pgevents.support.TestBus;
import io.pgevents.support.TestPostgres;
import io.pgevents.support.TestSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The contract of the table with clients that know nothing but SQL. */
class PlainSqlIntegrationTests {

    private static final String INSERT =
            "INSERT INTO event_queue (topic, payload) VALUES ('order.placed', '{\"customer\": \"Ada\"}')";

    private final TestBus bus = new TestBus(TestPostgres.newDatabaseUrl());
    private final Recorder one = new Recorder();
    private final Recorder two = new Recorder();

    @AfterEach
    void close() {
        bus.close();
    }

    @Test
    void routesTheLiteralInsertToEachSubscriptionOfTheTopic() {
        bus.settings(TestSettings::slowPoll)
                .subscribe("one", "order.*", TestSettings.QUICK, one)
                .subscribe("two", "order.placed", TestSettings.QUICK, two)
                .subscribe("other", "order.cancelled", TestSettings.QUICK, event -> {
                    throw new AssertionError(event);
                })
                .start();
        bus.jdbc().update(INSERT);
        one.await(1);
        two.await(1);
        await().until(() -> bus.count("done") == 2);
        assertThat(one.payloads()).containsExactly("{\"customer\": \"Ada\"}");
        assertThat(one.events().get(0).metadata().eventId())
                .isEqualTo(two.events().get(0).metadata().eventId());
        assertThat(bus.jdbc().queryForList("SELECT subscription FROM event_queue ORDER BY subscription", String.class))
                .containsExactly("one", "two");
    }

    @Test
    void givesAnOrderedSubscriptionTheSharedKeyAndOthersNone() {
        bus.subscribe("o", "a", TestSettings.order(io.pgevents.subscription.SubscriptionSettings.Order.KEY), one)
                .subscribe("u", "a", TestSettings.QUICK, two)
                .start();
        bus.jdbc()
                .update(
                        "INSERT INTO event_queue (topic, payload, ordering_key) VALUES ('a', '1', 'k'), ('a', '2', NULL)");
        one.await(2);
        two.await(2);
        assertThat(bus.jdbc()
                        .queryForList(
                                "SELECT concat_ws(' ', subscription, payload, coalesce(quote_literal(ordering_key), 'null'))"
                                        + " FROM event_queue ORDER BY 1",
                                String.class))
                .containsExactly("o 1 'k'", "o 2 ''", "u 1 'k'", "u 2 null");
        assertThat(one.events()).extracting(event -> event.metadata().key()).containsExactly("k", null);
    }

    @Test
    void takesManyRowsOfOneStatement() {
        bus.subscribe("one", "a", TestSettings.QUICK, one)
                .subscribe("two", "#", TestSettings.QUICK, two)
                .start();
        bus.jdbc().update("INSERT INTO event_queue (topic, payload) VALUES ('a', '1'), ('b', '2'), ('a', '3')");
        bus.jdbc()
                .update(
                        "INSERT INTO event_queue (topic, payload) SELECT 'a', to_jsonb(n) FROM generate_series(1001, 2000) n");
        one.await(1002);
        two.await(1003);
        await().until(() -> bus.count("done") == 2005);
        assertThat(one.payloads())
                .contains("1", "3", "1001", "2000")
                .doesNotContain("2")
                .doesNotHaveDuplicates();
        assertThat(two.payloads()).contains("1", "2", "3").doesNotHaveDuplicates();
    }

    @Test
    void givesWhatHasWaitedToTheFirstStartAndNotToALaterOne() {
        bus.jdbc().update(INSERT);
        bus.publisher().publish("nobody", 1);
        bus.subscribe("one", "order.#", TestSettings.QUICK, one)
                .subscribe("two", "*.placed", TestSettings.QUICK, two)
                .start();
        one.await(1);
        two.await(1);
        await().until(() -> bus.count("done") == 2);
        bus.stop();
        Recorder late = new Recorder();
        bus.subscribe("late", "#", TestSettings.QUICK, late).start();
        assertThat(late.await(1).get(0).metadata().topic()).isEqualTo("nobody");
        await().until(() -> bus.count("done") == 3);
        assertThat(late.payloads()).containsExactly("1");
        assertThat(one.payloads()).containsExactly("{\"customer\": \"Ada\"}");
    }

    @Test
    void retriesAFailedEventWithFreshAttemptsAndAtOnce() {
        AtomicBoolean broken = new AtomicBoolean(true);
        bus.settings(TestSettings::slowPoll)
                .subscribe("s", "a", TestSettings.QUICK, event -> fail(event, broken))
                .start();
        bus.publisher().publish("a", 1);
        await().atMost(Duration.ofSeconds(30)).until(() -> bus.count("failed") == 1);
        assertThat(attempts()).isEqualTo(3);
        broken.set(false);
        bus.jdbc().update("UPDATE event_queue SET status='pending', process_at=now() WHERE status='failed'");
        await().atMost(Duration.ofSeconds(20)).until(() -> bus.count("done") == 1);
        assertThat(attempts()).isEqualTo(1);
        assertThat(one.events().get(0).metadata().attempt()).isEqualTo(1);
    }

    @Test
    void keepsTheAttemptsAForeignRetrySetsItself() {
        insertFailed();
        bus.jdbc().update("UPDATE event_queue SET status='pending', attempt_count=1 WHERE status='failed'");
        Map<String, Object> row = bus.jdbc()
                .queryForMap(
                        "SELECT attempt_count, finished_at, process_at > clock_timestamp() - interval '1 min' AS fresh FROM event_queue");
        assertThat(row)
                .containsEntry("attempt_count", 1)
                .containsEntry("finished_at", null)
                .containsEntry("fresh", true);
    }

    @Test
    void keepsTheDueTimeAForeignRetrySetsItself() {
        insertFailed();
        bus.jdbc().update("UPDATE event_queue SET status='pending', process_at=now() + interval '1 hour'");
        assertThat(bus.jdbc()
                        .queryForObject(
                                "SELECT process_at > now() + interval '59 min' AND attempt_count = 0 FROM event_queue",
                                Boolean.class))
                .isTrue();
    }

    @Test
    void letsTheClassicConsumerClaimAndFinish() {
        bus.jdbc().update(INSERT);
        bus.jdbc()
                .update(
                        "INSERT INTO event_queue (topic, payload, process_at) VALUES ('later', '1', now() + interval '1 h')");
        String claim = "WITH next AS (SELECT id FROM event_queue WHERE status='pending' AND process_at<=now()"
                + " ORDER BY process_at LIMIT 1 FOR UPDATE SKIP LOCKED) UPDATE event_queue q SET status='processing',"
                + " attempt_count=attempt_count+1 FROM next WHERE q.id = next.id RETURNING q.*";
        Map<String, Object> claimed = bus.jdbc().queryForMap(claim);
        assertThat(claimed).containsEntry("topic", "order.placed").containsEntry("attempt_count", 1);
        assertThat(bus.jdbc()
                        .queryForObject(
                                "SELECT locked_until BETWEEN now() + interval '59 min' AND now() + interval '61 min'"
                                        + " FROM event_queue WHERE status = 'processing'",
                                Boolean.class))
                .isTrue();
        assertThat(bus.jdbc().queryForList(claim)).isEmpty();
        bus.jdbc().update("UPDATE event_queue SET status='done' WHERE id = ?", claimed.get("id"));
        assertThat(bus.jdbc().queryForMap("SELECT * FROM event_queue WHERE status = 'done'"))
                .containsEntry("locked_until", null)
                .hasEntrySatisfying(
                        "finished_at", finished -> assertThat(finished).isNotNull());
    }

    @Test
    void endsWhatAForeignConsumerHasLeftBehindAfterTheAttemptsOfTheSubscription() {
        bus.subscribe("s", "order.placed", TestSettings.QUICK, one).start();
        bus.stop();
        bus.jdbc().update(INSERT);
        bus.jdbc().update(INSERT);
        bus.jdbc()
                .update("UPDATE event_queue SET status='processing', attempt_count = id + 1,"
                        + " locked_until = clock_timestamp() - interval '1 s'");
        new Maintenance(bus.pool(), bus.schema(), Retention.DEFAULT).recoverLeases();
        assertThat(bus.jdbc()
                        .queryForList(
                                "SELECT id || ' ' || status || ' ' || attempt_count FROM event_queue ORDER BY id",
                                String.class))
                .containsExactly("1 pending 2", "2 failed 3");
    }

    @Test
    void givesBackWhatAForeignConsumerHasLeftBehind() {
        bus.subscribe("s", "order.placed", TestSettings.QUICK, one).start();
        bus.stop();
        bus.jdbc().update("UPDATE event_subscription SET foreign_lease = interval '-1 s'");
        bus.jdbc().update(INSERT);
        bus.jdbc().update(INSERT);
        bus.jdbc().update("UPDATE event_queue SET status='processing', attempt_count=attempt_count+1 WHERE id = 1");
        bus.jdbc().update("UPDATE event_subscription SET foreign_lease = interval '1 h'");
        bus.jdbc().update("UPDATE event_queue SET status='processing', attempt_count=attempt_count+1 WHERE id = 2");
        assertThat(new Maintenance(bus.pool(), bus.schema(), Retention.DEFAULT).recoverLeases())
                .isEqualTo(1);
        assertThat(bus.jdbc()
                        .queryForList(
                                "SELECT id || ' ' || status || ' ' || attempt_count FROM event_queue ORDER BY id",
                                String.class))
                .containsExactly("1 pending 1", "2 processing 1");
        assertThat(bus.jdbc().queryForObject("SELECT last_error FROM event_queue WHERE id = 1", String.class))
                .contains("a foreign consumer");
    }

    @Test
    void handlesForeignHeadersOfAnyShape() {
        bus.subscribe("s", "a", TestSettings.QUICK, one).start();
        for (String headers : List.of(
                "[]",
                "1",
                "null",
                "{\"n\": 1, \"o\": {\"x\": [true]}, \"t\": \"text\"}",
                "{\"deep\": " + "[".repeat(3000) + "]".repeat(3000) + "}",
                "{\"long\": " + "1".repeat(3000) + "}")) {
            bus.jdbc().update("INSERT INTO event_queue (topic, payload, headers) VALUES ('a', '1', ?::jsonb)", headers);
        }
        one.await(6);
        assertThat(one.events().get(3).metadata().headers())
                .containsExactlyInAnyOrderEntriesOf(Map.of("n", "1", "o", "{\"x\":[true]}", "t", "text"));
        await().until(() -> bus.count("done") == 6);
    }

    @Test
    void handlesForeignDueTimesOfAnyAge() {
        bus.subscribe("s", "a", TestSettings.batchSize(1), one).start();
        for (String due : List.of("4000-01-01 BC", "0001-01-01", "1970-01-01", "294000-01-01")) {
            bus.jdbc()
                    .update(
                            "INSERT INTO event_queue (topic, payload, process_at) VALUES ('a', '1', ?::timestamptz)",
                            due);
        }
        one.await(3);
        bus.publisher().publish("a", 2);
        one.await(4);
        await().until(() -> bus.count("done") == 4);
        assertThat(bus.count("pending")).isEqualTo(1);
    }

    private List<OutgoingEvent> fail(RawEvent event, AtomicBoolean broken) {
        if (broken.get()) {
            throw new IllegalStateException("broken");
        }
        return one.handle(event);
    }

    private void insertFailed() {
        bus.jdbc()
                .update("INSERT INTO event_queue (topic, payload, status, attempt_count, finished_at, process_at)"
                        + " VALUES ('a', '1', 'failed', 3, now() - interval '2 h', now() - interval '1 day')");
    }

    private int attempts() {
        return bus.jdbc().queryForObject("SELECT attempt_count FROM event_queue", Integer.class);
    }

    @Test
    void handlesAnEventOfAnOrderedSubscriptionThatWasInsertedWithoutAKey() {
        bus.subscribe("o", "a", TestSettings.order(Order.KEY), one).start();
        bus.jdbc()
                .update(
                        "INSERT INTO event_queue (subscription, topic, payload) VALUES ('o', 'a', '1'), ('o', 'a', '2')");
        assertThat(one.await(2)).hasSize(2);
        assertThat(one.payloads()).containsExactly("1", "2");
    }
}
