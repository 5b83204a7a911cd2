package io.pgevents.publish;

import io.pgevents.PublishReceipt;
import io.pgevents.PublishReceipt.Outcome;
import io.pgevents.publish.JdbcEventPublisher.PreparedEvent;
import io.pgevents.schema.EventSchema;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the events of one statement went, as its rows tell. All events of a topic go the same way, so rows are looked up
 * by topic; only where some events may have been left out as duplicates, by event. The rows of a single event that is due
 * now tell the subscription only. Used by one thread.
 */
final class Destinations {

    private static final Logger log = LoggerFactory.getLogger(Destinations.class);

    private final boolean byEvent;
    private final @Nullable PreparedEvent single;
    private final Map<Object, Integer> durable = new HashMap<>();
    private final Set<Object> live = new HashSet<>();
    private final Map<String, Duration> firstDue = new HashMap<>();

    private Destinations(boolean byEvent, @Nullable PreparedEvent single) {
        this.byEvent = byEvent;
        this.single = single;
    }

    static Destinations byEvent() {
        return new Destinations(true, null);
    }

    static Destinations byTopic() {
        return new Destinations(false, null);
    }

    static Destinations of(PreparedEvent single) {
        return new Destinations(false, single);
    }

    void add(ResultSet row) throws SQLException {
        Object key = key(row);
        String subscription = row.getString("subscription");
        boolean isLive = EventSchema.LIVE.equals(subscription);
        durable.merge(key, subscription == null || isLive ? 0 : 1, Integer::sum);
        if (isLive) {
            live.add(key);
        } else if (subscription != null) {
            Duration dueIn = single == null ? Duration.ofMillis(row.getLong("due_in_ms")) : Duration.ZERO;
            firstDue.merge(subscription, dueIn, CommittedDeliveries::shorter);
        }
    }

    private Object key(ResultSet row) throws SQLException {
        if (single != null) {
            return single.event().topic();
        }
        return byEvent ? row.getObject("event_id", UUID.class) : row.getString("topic");
    }

    /** For each durable subscription, how long it is until the first of its events is due. */
    Map<String, Duration> firstDue() {
        return firstDue;
    }

    PublishReceipt receipt(PreparedEvent event) {
        Object key = byEvent ? event.eventId() : event.event().topic();
        Integer subscriptions = durable.get(key);
        if (subscriptions == null && byEvent) {
            return new PublishReceipt(event.eventId(), Outcome.DUPLICATE, 0);
        }
        // A single event that is only live comes back in no row.
        boolean isLive = !event.isScheduled() && (subscriptions == null || live.contains(key));
        int deliveries = subscriptions == null ? 0 : subscriptions;
        Outcome outcome = isLive || deliveries > 0 ? Outcome.PUBLISHED : Outcome.WAITING;
        if (outcome == Outcome.WAITING) {
            log.debug(
                    "Event {} waits: no subscription has the topic {} yet",
                    event.eventId(),
                    event.event().topic());
        }
        return new PublishReceipt(event.eventId(), outcome, deliveries);
    }
}
