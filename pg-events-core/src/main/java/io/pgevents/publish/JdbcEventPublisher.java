package io.pgevents.publish;

import io.pgevents.EventPublisher;
import io.pgevents.OutgoingEvent;
import io.pgevents.PublishReceipt;
import io.pgevents.PublishReceipt.Outcome;
import io.pgevents.codec.EventCodec;
import io.pgevents.jdbc.SqlCall;
import io.pgevents.jdbc.SqlStatements;
import io.pgevents.schema.EventSchema;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Publishes through Spring's transaction-bound connection of a data source, with one statement for each call. Thread-safe.
 */
public final class JdbcEventPublisher implements EventPublisher {

    private static final Logger log = LoggerFactory.getLogger(JdbcEventPublisher.class);

    private final JdbcTemplate jdbc;
    private final EventPreparation preparation;
    private final long windowMillis;
    private final String publish;
    private final String publishDeduplicated;
    private volatile PublishListener listener = (subscription, due) -> {};

    public JdbcEventPublisher(DataSource dataSource, EventSchema schema, EventCodec codec, PublishSettings settings) {
        SqlStatements statements = new SqlStatements(schema);
        this.jdbc = new JdbcTemplate(dataSource);
        this.preparation = new EventPreparation(codec, settings);
        this.windowMillis = settings.deduplicationWindow().toMillis();
        this.publish = statements.get("event_queue/publish");
        this.publishDeduplicated = statements.get("event_queue/publish_deduplicated");
    }

    /** Sets who hears of published events after their commit; one listener, the consumers of this process. */
    public void setListener(PublishListener listener) {
        this.listener = listener;
    }

    @Override
    public List<PublishReceipt> publishAll(Collection<OutgoingEvent> events) {
        return insert(prepare(events));
    }

    /**
     * Checks events without writing anything.
     *
     * @throws io.pgevents.InvalidEventException if one of them is not valid
     */
    public List<PreparedEvent> prepare(Collection<OutgoingEvent> events) {
        return events.stream().map(preparation::prepare).toList();
    }

    /** Inserts checked events in the running transaction. */
    public List<PublishReceipt> insert(List<PreparedEvent> events) {
        if (events.isEmpty()) {
            return List.of();
        }
        Map<UUID, Integer> deliveries = new HashMap<>();
        Map<String, Duration> firstDue = new HashMap<>();
        jdbc.query(statement(events), row -> {
            UUID eventId = row.getObject("event_id", UUID.class);
            String subscription = row.getString("subscription");
            deliveries.merge(eventId, subscription == null ? 0 : 1, Integer::sum);
            if (subscription != null) {
                firstDue.merge(subscription, Duration.ofMillis(row.getLong("due_in_ms")), CommittedDeliveries::shorter);
            }
        });
        CommittedDeliveries.tell(this, firstDue);
        return receipts(events, deliveries);
    }

    private SqlCall statement(List<PreparedEvent> events) {
        if (events.stream().noneMatch(PreparedEvent::isDeduplicated)) {
            return rows(SqlCall.of(publish), events);
        }
        SqlCall call = SqlCall.of(publishDeduplicated)
                .value(windowMillis)
                .array("uuid", events, PreparedEvent::eventId)
                .array("text", events, each -> each.event().topic())
                .array("text", events, each -> each.event().deduplicationKey());
        return rows(call, events).array("boolean", events, PreparedEvent::isDeduplicated);
    }

    private static SqlCall rows(SqlCall call, List<PreparedEvent> events) {
        return call.array("uuid", events, PreparedEvent::eventId)
                .array("text", events, each -> each.event().topic())
                .array("text", events, each -> each.event().type())
                .array("text", events, each -> each.event().key())
                .array("text", events, PreparedEvent::payload)
                .array("text", events, PreparedEvent::headers)
                .array("int2", events, each -> (short) each.event().priority().level())
                .array("int8", events, PreparedEvent::delayMillis)
                .array("timestamptz", events, PreparedEvent::dueTime);
    }

    private static List<PublishReceipt> receipts(List<PreparedEvent> events, Map<UUID, Integer> deliveries) {
        List<PublishReceipt> receipts = new ArrayList<>(events.size());
        for (PreparedEvent event : events) {
            Integer count = deliveries.get(event.eventId());
            receipts.add(new PublishReceipt(event.eventId(), outcome(event, count), count == null ? 0 : count));
        }
        return receipts;
    }

    private static Outcome outcome(PreparedEvent event, @Nullable Integer deliveries) {
        if (deliveries == null) {
            return Outcome.DUPLICATE;
        }
        if (deliveries == 0) {
            log.debug(
                    "Event {} waits: no subscription has the topic {} yet",
                    event.eventId(),
                    event.event().topic());
            return Outcome.WAITING;
        }
        return Outcome.PUBLISHED;
    }

    void tell(String subscription, Duration dueIn) {
        listener.published(subscription, dueIn);
    }
}
