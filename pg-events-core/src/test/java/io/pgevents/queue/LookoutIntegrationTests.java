package io.pgevents.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgevents.Priority;
import io.pgevents.queue.ClaimedEvent.Position;
import io.pgevents.queue.Lookout.Sighting;
import io.pgevents.support.TestBus;
import io.pgevents.support.TestPostgres;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the poll sees of idle subscriptions. */
class LookoutIntegrationTests {

    private static final Map<Priority, Position> START =
            Map.of(Priority.HIGH, Position.START, Priority.NORMAL, Position.START, Priority.LOW, Position.START);

    private final TestBus bus = new TestBus(TestPostgres.newDatabaseUrl());
    private final Lookout lookout = new Lookout(bus.pool(), bus.schema());

    @AfterEach
    void close() {
        bus.close();
    }

    @Test
    void seesWhatIsReadyAndWhatWillBe() {
        insert("ready", "pending", 1, "-1 min");
        insert("urgent", "pending", 0, "-1 min");
        insert("scheduled", "pending", 1, "10 min");
        insert("scheduled", "pending", 2, "5 min");
        insert("both", "pending", 2, "-1 min");
        insert("both", "pending", 2, "3 min");
        insert("done", "done", 1, "-1 min");
        insert("leased", "processing", 1, "-1 min");
        Map<String, Sighting> seen = look("ready", "urgent", "scheduled", "both", "done", "leased", "nothing");
        assertThat(seen.values().stream().filter(Sighting::ready).map(Sighting::subscription))
                .containsExactlyInAnyOrder("ready", "urgent", "both");
        assertThat(seen.values().stream().filter(each -> each.nextDue() != null).map(Sighting::subscription))
                .containsExactlyInAnyOrder("scheduled", "both");
        assertThat(seen.get("scheduled").nextDue()).isBetween(Duration.ofMinutes(4), Duration.ofMinutes(5));
        assertThat(seen.get("both").nextDue()).isBetween(Duration.ofMinutes(2), Duration.ofMinutes(3));
    }

    @Test
    void passesWhatIsUpToThePosition() {
        insert("s", "pending", 1, "-1 min");
        Position at = bus.jdbc()
                .queryForObject(
                        "SELECT process_at, id FROM event_queue",
                        (row, n) -> new Position(row.getObject(1, OffsetDateTime.class), row.getLong(2)));
        assertThat(ready(Priority.NORMAL, at)).isFalse();
        assertThat(ready(Priority.NORMAL, at.justBefore())).isTrue();
        assertThat(ready(Priority.LOW, Position.START)).isFalse();
    }

    @Test
    void asksNothingOfNobody() {
        assertThat(lookout.look(Map.of())).isEmpty();
    }

    private boolean ready(Priority priority, Position from) {
        return lookout.look(Map.of("s", Map.of(priority, from))).get(0).ready();
    }

    private Map<String, Sighting> look(String... subscriptions) {
        return lookout
                .look(List.of(subscriptions).stream().collect(Collectors.toMap(each -> each, each -> START)))
                .stream()
                .collect(Collectors.toMap(Sighting::subscription, Function.identity()));
    }

    private void insert(String subscription, String status, int priority, String due) {
        bus.jdbc()
                .update(
                        "INSERT INTO event_queue (topic, payload, subscription, status, priority, process_at, finished_at, locked_until)"
                                + " SELECT 'a', '1', ?, s, ?, now() + ?::interval, CASE s WHEN 'done' THEN now() END,"
                                + " CASE s WHEN 'processing' THEN now() END FROM (SELECT ? AS s) given",
                        subscription,
                        priority,
                        due,
                        status);
    }
}
