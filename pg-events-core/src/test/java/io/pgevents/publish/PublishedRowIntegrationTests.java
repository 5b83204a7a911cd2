package io.pgevents.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgevents.OutgoingEvent;
import io.pgevents.PgEvent;
import io.pgevents.Priority;
import io.pgevents.PublishReceipt;
import io.pgevents.PublishReceipt.Outcome;
import io.pgevents.support.TestBus;
import io.pgevents.support.TestPostgres;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is in the table after a publish, and what the receipt says of it. */
class PublishedRowIntegrationTests {

    private final TestBus bus = new TestBus(TestPostgres.newDatabaseUrl());

    @AfterEach
    void close() {
        bus.close();
    }

    /** An event of the tests. */
    @PgEvent(value = "order.placed", type = "OrderPlaced/1", key = "customer")
    public record Placed(String customer, int quantity) {}

    @Test
    void storesEverythingThatWasAskedFor() {
        Instant due = Instant.now().plus(3, ChronoUnit.DAYS).truncatedTo(ChronoUnit.MICROS);
        PublishReceipt receipt = bus.publisher()
                .publish(OutgoingEvent.of("a.b", Map.of("n", 1))
                        .withType("T")
                        .withKey("k")
                        .withHeader("h1", "ä€😀")
                        .withHeader("h2", "")
                        .withPriority(Priority.HIGH)
                        .withDueTime(due));
        Map<String, Object> row = bus.jdbc()
                .queryForMap(
                        "SELECT *, payload::text AS p, headers->>'h1' AS h1, headers->>'h2' AS h2,"
                                + " extract(epoch FROM process_at) * 1000000 = ? AS on_time FROM event_queue",
                        micros(due));
        assertThat(row)
                .containsEntry("topic", "a.b")
                .containsEntry("p", "{\"n\": 1}")
                .containsEntry("type", "T")
                .containsEntry("ordering_key", "k")
                .containsEntry("h1", "ä€😀")
                .containsEntry("h2", "")
                .containsEntry("priority", 0)
                .containsEntry("status", "pending")
                .containsEntry("attempt_count", 0)
                .containsEntry("on_time", true)
                .containsEntry("event_id", receipt.eventId());
        assertThat(receipt.eventId().version()).isEqualTo(7);
    }

    @Test
    void writesNoHeadersAndNoKeyWhereNoneAreGiven() {
        bus.publisher().publish("a", 1);
        assertThat(bus.jdbc()
                        .queryForMap("SELECT headers, ordering_key, type, max_attempts, locked_by FROM event_queue"))
                .allSatisfy((column, value) -> assertThat(value).as(column).isNull());
    }

    @Test
    void takesTopicTypeAndKeyFromTheAnnotation() {
        bus.publisher().publish(new Placed("Ada", 2));
        assertThat(bus.jdbc()
                        .queryForMap("SELECT topic, type, ordering_key, payload->>'quantity' AS q FROM event_queue"))
                .containsEntry("topic", "order.placed")
                .containsEntry("type", "OrderPlaced/1")
                .containsEntry("ordering_key", "Ada")
                .containsEntry("q", "2");
    }

    @Test
    void countsADelayByTheClockOfTheDatabase() {
        bus.publisher().publish(OutgoingEvent.of("late", 1).withDelay(Duration.ofMinutes(5)));
        bus.publisher().publish(OutgoingEvent.of("now", 1).withDelay(Duration.ZERO));
        bus.publisher().publish(OutgoingEvent.of("past", 1).withDueTime(Instant.parse("2001-01-01T00:00:00Z")));
        List<String> seconds = bus.jdbc()
                .queryForList(
                        "SELECT topic || ' ' || round(extract(epoch FROM process_at - created_at) / 60)"
                                + " FROM event_queue ORDER BY id",
                        String.class);
        assertThat(seconds).containsExactly("late 5", "now 0", "past 0");
    }

    @Test
    void saysHowManySubscriptionsGetIt() {
        subscription("one", "a", "b");
        subscription("two", "b");
        List<PublishReceipt> receipts = bus.publisher()
                .publishAll(List.of(OutgoingEvent.of("a", 1), OutgoingEvent.of("b", 2), OutgoingEvent.of("c", 3)));
        assertThat(receipts)
                .extracting(PublishReceipt::outcome)
                .containsExactly(Outcome.PUBLISHED, Outcome.PUBLISHED, Outcome.WAITING);
        assertThat(receipts).extracting(PublishReceipt::deliveries).containsExactly(1, 2, 0);
        assertThat(receipts).noneMatch(PublishReceipt::isDuplicate);
    }

    @Test
    void givesTheCopiesOfAFanOutOneEventIdAndDifferentEventsDifferentOnes() {
        subscription("one", "b");
        subscription("two", "b");
        UUID first = bus.publisher().publish("b", 1).eventId();
        UUID second = bus.publisher().publish("b", 2).eventId();
        assertThat(first).isNotEqualTo(second);
        assertThat(bus.jdbc()
                        .queryForList(
                                "SELECT event_id || ' ' || subscription FROM event_queue ORDER BY id, subscription",
                                String.class))
                .containsExactlyInAnyOrder(first + " one", first + " two", second + " one", second + " two");
    }

    @Test
    void writesABatchWithOneStatementInTheOrderOfTheCollection() {
        bus.jdbc().execute("CREATE TABLE statements (n int)");
        bus.jdbc()
                .execute("CREATE FUNCTION counted() RETURNS trigger LANGUAGE plpgsql AS"
                        + " 'BEGIN INSERT INTO statements VALUES (1); RETURN NULL; END'");
        bus.jdbc().execute("CREATE TRIGGER counted AFTER INSERT ON event_queue EXECUTE FUNCTION counted()");
        List<OutgoingEvent> events = IntStream.range(0, 500)
                .mapToObj(i -> OutgoingEvent.of("a", i).withDeduplicationKey(i % 2 == 0 ? "k" + i : null))
                .toList();
        List<PublishReceipt> receipts = bus.publisher().publishAll(events);
        assertThat(bus.jdbc().queryForObject("SELECT count(*) FROM statements", Integer.class))
                .isEqualTo(1);
        assertThat(bus.jdbc().queryForList("SELECT payload::text::int FROM event_queue ORDER BY id", Integer.class))
                .containsExactlyElementsOf(IntStream.range(0, 500).boxed().toList());
        assertThat(bus.jdbc().queryForList("SELECT event_id FROM event_queue ORDER BY id", UUID.class))
                .containsExactlyElementsOf(
                        receipts.stream().map(PublishReceipt::eventId).toList());
        bus.publisher().publish("a", 1);
        assertThat(bus.jdbc().queryForObject("SELECT count(*) FROM statements", Integer.class))
                .isEqualTo(2);
    }

    @Test
    void publishesAnEmptyBatchAsNothing() {
        assertThat(bus.publisher().publishAll(List.of())).isEmpty();
    }

    private void subscription(String name, String... topics) {
        bus.jdbc()
                .update(
                        "INSERT INTO event_subscription (name, topics) VALUES (?, string_to_array(?, ' '))",
                        name,
                        String.join(" ", topics));
    }

    private static long micros(Instant time) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, time);
    }
}
