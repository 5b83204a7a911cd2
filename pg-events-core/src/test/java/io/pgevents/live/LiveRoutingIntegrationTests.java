package io.pgevents.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgevents.InvalidEventException;
import io.pgevents.OutgoingEvent;
import io.pgevents.Priority;
import io.pgevents.PublishReceipt;
import io.pgevents.PublishReceipt.Outcome;
import io.pgevents.admin.Subscriptions;
import io.pgevents.subscription.SubscriptionRegistration;
import io.pgevents.subscription.SubscriptionSettings;
import io.pgevents.support.LiveRecorder;
import io.pgevents.support.TestBus;
import io.pgevents.support.TestPostgres;
import io.pgevents.support.TestSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** What goes to the log, what to the queue, and what the publisher is told. */
@Timeout(60)
class LiveRoutingIntegrationTests {

    private final LiveRecorder live = new LiveRecorder();
    private final TestBus bus = new TestBus(TestPostgres.newDatabaseUrl())
            .subscribe("durable", "both", SubscriptionSettings.DEFAULT, event -> List.of())
            .broadcastTo("live", "both", live)
            .broadcastTo("live", "only.*", live);

    @BeforeEach
    void start() {
        bus.start();
    }

    @AfterEach
    void stop() {
        bus.close();
    }

    private List<String> log() {
        return bus.jdbc().queryForList("SELECT topic || ' ' || payload FROM event_log ORDER BY id", String.class);
    }

    private List<String> queue() {
        return bus.jdbc()
                .queryForList(
                        "SELECT topic || ' ' || payload || ' ' || coalesce(subscription, '-') FROM event_queue ORDER BY id",
                        String.class);
    }

    private static void assertReceipt(PublishReceipt receipt, Outcome outcome, int deliveries) {
        assertThat(receipt.outcome()).isEqualTo(outcome);
        assertThat(receipt.deliveries()).isEqualTo(deliveries);
    }

    @Test
    void aTopicThatIsOnlyLiveIsPublishedAndNotStored() {
        assertReceipt(bus.publisher().publish("only.a", 1), Outcome.PUBLISHED, 0);
        assertThat(log()).containsExactly("only.a 1");
        assertThat(queue()).isEmpty();
        live.await(1);
    }

    @Test
    void aTopicThatIsLiveAndDurableIsDeliveredToBoth() {
        assertReceipt(bus.publisher().publish("both", 1), Outcome.PUBLISHED, 1);
        assertThat(log()).containsExactly("both 1");
        assertThat(queue()).containsExactly("both 1 durable");
    }

    @Test
    void receiptsOfOneStatementAreThoseOfItsEvents() {
        List<PublishReceipt> receipts = bus.publisher()
                .publishAll(List.of(
                        OutgoingEvent.of("only.a", 1),
                        OutgoingEvent.of("only.a", 2).withDelay(Duration.ofHours(1)),
                        OutgoingEvent.of("both", 3),
                        OutgoingEvent.of("both", 4).withDueTime(Instant.parse("2999-01-01T00:00:00Z")),
                        OutgoingEvent.of("nobody", 5)));
        assertReceipt(receipts.get(0), Outcome.PUBLISHED, 0);
        assertReceipt(receipts.get(1), Outcome.WAITING, 0);
        assertReceipt(receipts.get(2), Outcome.PUBLISHED, 1);
        assertReceipt(receipts.get(3), Outcome.PUBLISHED, 1);
        assertReceipt(receipts.get(4), Outcome.WAITING, 0);
        assertThat(log()).containsExactly("only.a 1", "both 3");
        assertThat(queue()).containsExactly("only.a 2 -", "both 3 durable", "both 4 durable", "nobody 5 -");
    }

    @Test
    void aScheduledEventIsNotLive() {
        assertReceipt(
                bus.publisher().publish(OutgoingEvent.of("only.a", 1).withDelay(Duration.ofHours(1))),
                Outcome.WAITING,
                0);
        assertReceipt(
                bus.publisher().publish(OutgoingEvent.of("both", 2).withDelay(Duration.ofHours(1))),
                Outcome.PUBLISHED,
                1);
        assertThat(log()).isEmpty();
    }

    @Test
    void deduplicationHoldsForWhatIsLive() {
        OutgoingEvent event = OutgoingEvent.of("only.a", 1).withDeduplicationKey("k");
        assertReceipt(bus.publisher().publish(event), Outcome.PUBLISHED, 0);
        assertReceipt(bus.publisher().publish(event), Outcome.DUPLICATE, 0);
        List<PublishReceipt> receipts = bus.publisher()
                .publishAll(List.of(
                        event,
                        OutgoingEvent.of("both", 2).withDeduplicationKey("k"),
                        OutgoingEvent.of("both", 3).withDelay(Duration.ofHours(1))));
        assertReceipt(receipts.get(0), Outcome.DUPLICATE, 0);
        assertReceipt(receipts.get(1), Outcome.PUBLISHED, 1);
        assertReceipt(receipts.get(2), Outcome.PUBLISHED, 1);
        assertThat(log()).containsExactly("only.a 1", "both 2");
    }

    @Test
    void aForeignInsertKeepsItsRowForTheDurableSubscription() {
        Long id = bus.jdbc()
                .queryForObject(
                        "INSERT INTO event_queue (topic, payload) VALUES ('both', '1') RETURNING id", Long.class);
        assertThat(bus.jdbc().queryForObject("SELECT subscription FROM event_queue WHERE id = ?", String.class, id))
                .isEqualTo("durable");
        bus.jdbc().update("INSERT INTO event_queue (topic, payload) VALUES ('only.a', '2')");
        bus.jdbc()
                .update(
                        "INSERT INTO event_queue (topic, payload, process_at) VALUES ('only.a', '3', now() + interval '1 h')");
        assertThat(log()).containsExactly("both 1", "only.a 2");
        assertThat(queue()).containsExactly("both 1 durable", "only.a 3 -");
        live.await(2);
    }

    @Test
    void aPlainInsertIntoTheLogIsABroadcast() {
        bus.jdbc().update("INSERT INTO event_log (topic, payload) VALUES ('only.a', '{\"a\": 1}')");
        LiveEvent event = live.await(1).get(0);
        assertThat(event.topic()).isEqualTo("only.a");
        assertThat(event.payload()).isEqualTo("{\"a\": 1}");
        assertThat(event.eventId().version()).isEqualTo(7);
        assertThat(event.headers()).isEmpty();
    }

    @Test
    void whatIsLiveIsNoSubscriptionForAnybody() {
        Subscriptions subscriptions = new Subscriptions(bus.pool(), bus.schema());
        assertThat(subscriptions.names()).containsExactly("durable");
        assertThatThrownBy(() -> subscriptions.remove("$live")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> bus.subscribe("$mine", "t", TestSettings.QUICK, event -> List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("$");
    }

    @Test
    void topicsAreForgottenADayAfterTheirLastUse() {
        bus.jdbc().update("UPDATE event_live_topic SET used_at = now() - interval '25 hours' WHERE topic = 'only.*'");
        new SubscriptionRegistration(bus.pool(), new JdbcTransactionManager(bus.pool()), bus.schema())
                .registerLive(List.of());
        assertThat(bus.jdbc()
                        .queryForList("SELECT name || topics::text FROM event_subscription ORDER BY 1", String.class))
                .containsExactlyInAnyOrder("durable{both}", "$live{both}");
        bus.jdbc().update("UPDATE event_live_topic SET used_at = now() - interval '25 hours'");
        new SubscriptionRegistration(bus.pool(), new JdbcTransactionManager(bus.pool()), bus.schema())
                .registerLive(List.of());
        assertThat(bus.jdbc().queryForList("SELECT name FROM event_subscription", String.class))
                .containsExactly("durable");
    }

    @Test
    void whatABroadcastCannotHaveIsRefused() {
        OutgoingEvent event = OutgoingEvent.of("only.a", 1);
        for (OutgoingEvent refused : List.of(
                event.withDelay(Duration.ofSeconds(1)),
                event.withPriority(Priority.HIGH),
                event.withDeduplicationKey("k"))) {
            assertThatThrownBy(() -> bus.publisher().broadcast(refused))
                    .isInstanceOf(InvalidEventException.class)
                    .hasMessageStartingWith("A broadcast cannot have");
        }
    }
}
