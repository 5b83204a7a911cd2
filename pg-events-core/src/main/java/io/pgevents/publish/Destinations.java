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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the events of one statement went, as its rows tell. All events of a topic go the same way, so rows are looked up
 * by topic; only where some events may have been left out as duplicates, by event. Used by one thread.
 */
final class Destinations {

    private static final Logger log = LoggerFactory.getLogger(Destinations.class);

    private final Lookup lookup;
    private final Map<Object, Integer> durable = new HashMap<>();
    private final Set<Object> live = new HashSet<>();
    private final Map<String, Duration> firstDue = new HashMap<>();

    /** How the rows of a statement belong to its events. */
    enum Lookup {
        /** All rows are those of the only event, which is due now. */
        ONLY_EVENT {
            @Override
            Object key(ResultSet row) {
                return this;
            }

            @Override
            Object key(PreparedEvent event) {
                return this;
            }

            @Override
            Duration dueIn(ResultSet row) {
                return Duration.ZERO;
            }
        },
        BY_TOPIC {
            @Override
            Object key(ResultSet row) throws SQLException {
                return row.getString("topic");
            }

            @Override
            Object key(PreparedEvent event) {
                return event.event().topic();
            }
        },
        /** What comes back in no row was a duplicate. */
        BY_EVENT {
            @Override
            Object key(ResultSet row) throws SQLException {
                return row.getObject("event_id", UUID.class);
            }

            @Override
            Object key(PreparedEvent event) {
                return event.eventId();
            }
        };

        abstract Object key(ResultSet row) throws SQLException;

        abstract Object key(PreparedEvent event);

        Duration dueIn(ResultSet row) throws SQLException {
            return Duration.ofMillis(row.getLong("due_in_ms"));
        }
    }

    Destinations(Lookup lookup) {
        this.lookup = lookup;
    }

    void add(ResultSet row) throws SQLException {
        Object key = lookup.key(row);
        String subscription = row.getString("subscription");
        boolean isLive = EventSchema.LIVE.equals(subscription);
        durable.merge(key, subscription == null || isLive ? 0 : 1, Integer::sum);
        if (isLive) {
            live.add(key);
        } else if (subscription != null) {
            firstDue.merge(subscription, lookup.dueIn(row), Destinations::shorter);
        }
    }

    /** Adds for each durable subscription how long it is until the first of its events is due. */
    void addFirstDue(Map<String, Duration> all) {
        firstDue.forEach((subscription, due) -> all.merge(subscription, due, Destinations::shorter));
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b;
    }

    PublishReceipt receipt(PreparedEvent event) {
        Object key = lookup.key(event);
        Integer subscriptions = durable.get(key);
        if (subscriptions == null && lookup == Lookup.BY_EVENT) {
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
