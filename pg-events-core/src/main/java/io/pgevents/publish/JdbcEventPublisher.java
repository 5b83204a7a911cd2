package io.pgevents.publish;

import io.pgevents.EventPublisher;
import io.pgevents.OutgoingEvent;
import io.pgevents.Priority;
import io.pgevents.PublishReceipt;
import io.pgevents.codec.EventCodec;
import io.pgevents.jdbc.CommittedJdbc;
import io.pgevents.jdbc.CommittedWrites;
import io.pgevents.jdbc.SqlCall;
import io.pgevents.jdbc.SqlStatements;
import io.pgevents.publish.Destinations.Lookup;
import io.pgevents.schema.EventSchema;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Publishes through Spring's transaction-bound connection of a data source, with one statement for each call.
 * Thread-safe.
 */
public final class JdbcEventPublisher implements EventPublisher {

    private final JdbcTemplate jdbc;
    private final EventPreparation preparation;
    private final long windowMillis;
    private final String publish;
    private final String publishOne;
    private final String publishDeduplicated;
    private final Broadcasts broadcasts;
    private final CommittedWrites<Map<String, Duration>> writes;
    private volatile PublishListener listener = (subscription, due) -> {};

    public JdbcEventPublisher(DataSource dataSource, EventSchema schema, EventCodec codec, PublishSettings settings) {
        SqlStatements statements = new SqlStatements(schema);
        this.jdbc = CommittedJdbc.joining(dataSource);
        this.preparation = new EventPreparation(codec, settings);
        this.windowMillis = settings.deduplicationWindow().toMillis();
        this.publish = statements.get("event_queue/publish");
        this.publishOne = statements.get("event_queue/publish_one");
        this.publishDeduplicated = statements.get("event_queue/publish_deduplicated");
        this.writes = new CommittedWrites<>(jdbc, HashMap::new, firstDue -> firstDue.forEach(this::tell));
        this.broadcasts = new Broadcasts(jdbc, statements, () -> tell(EventSchema.LIVE, Duration.ZERO));
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

    /** Inserts checked events in the running transaction; without one, or if it is over, they are committed. */
    public List<PublishReceipt> insert(List<PreparedEvent> events) {
        if (events.isEmpty()) {
            return List.of();
        }
        Lookup lookup = lookup(events);
        Destinations destinations = new Destinations(lookup);
        SqlCall call = switch (lookup) {
            case ONLY_EVENT -> row(events.get(0));
            case BY_TOPIC -> rows(SqlCall.of(publish), events);
            case BY_EVENT -> deduplicated(events);
        };
        jdbc.query(call, destinations::add);
        writes.written(destinations::addFirstDue);
        return events.stream().map(destinations::receipt).toList();
    }

    private static Lookup lookup(List<PreparedEvent> events) {
        if (events.stream().anyMatch(PreparedEvent::isDeduplicated)) {
            return Lookup.BY_EVENT;
        }
        return events.size() == 1 && !events.get(0).isScheduled() ? Lookup.ONLY_EVENT : Lookup.BY_TOPIC;
    }

    @Override
    public void broadcast(OutgoingEvent event) {
        broadcasts.collect(preparation.prepareBroadcast(event));
    }

    /** Waits until all broadcasts of committed transactions are written; false if that takes too long. */
    public boolean awaitBroadcasts(Duration atMost) {
        return broadcasts.awaitEmpty(atMost);
    }

    private SqlCall deduplicated(List<PreparedEvent> events) {
        SqlCall call = SqlCall.of(publishDeduplicated)
                .value(windowMillis)
                .array("uuid", events, PreparedEvent::eventId)
                .array("text", events, each -> each.event().topic())
                .array("text", events, each -> each.event().deduplicationKey());
        return rows(call, events).array("boolean", events, PreparedEvent::isDeduplicated);
    }

    private SqlCall row(PreparedEvent prepared) {
        OutgoingEvent event = prepared.event();
        return SqlCall.of(publishOne)
                .value(prepared.eventId())
                .value(event.type())
                .value(event.key())
                .value(event.key())
                .value(prepared.payload())
                .value(prepared.headers())
                .value(prepared.level())
                .value(event.topic());
    }

    private static SqlCall rows(SqlCall call, List<PreparedEvent> events) {
        List<String> topics =
                events.stream().map(each -> each.event().topic()).distinct().toList();
        return call.array("text", topics)
                .array("uuid", events, PreparedEvent::eventId)
                .array("text", events, each -> each.event().topic())
                .sparseArray("text", events, each -> each.event().type())
                .sparseArray("text", events, each -> each.event().key())
                .array("text", events, PreparedEvent::payload)
                .sparseArray("text", events, PreparedEvent::headers)
                .sparseArray("int2", events, PreparedEvent::level)
                .sparseArray("int8", events, PreparedEvent::delayMillis)
                .sparseArray("timestamptz", events, PreparedEvent::dueTime);
    }

    private void tell(String subscription, Duration dueIn) {
        listener.published(subscription, dueIn);
    }

    /** Hears, after the commit, of what this process has published. Must return at once and not throw. */
    @FunctionalInterface
    public interface PublishListener {

        /**
         * Events of a subscription are there.
         *
         * @param dueIn how long it is until the first of them is due
         */
        void published(String subscription, Duration dueIn);
    }

    /**
     * A checked event, ready to be inserted.
     *
     * @param eventId its id, a UUID of version 7
     * @param event what the caller asked for
     * @param payload the JSON text
     * @param headers the headers as a JSON text, or null if there are none
     */
    public record PreparedEvent(
            UUID eventId,
            OutgoingEvent event,
            String payload,
            @Nullable String headers) {

        /** The level of the priority; null for the usual one. */
        @Nullable
        Short level() {
            return event.priority() == Priority.NORMAL
                    ? null
                    : (short) event.priority().level();
        }

        /** The delay; null for none. */
        @Nullable
        Long delayMillis() {
            return event.schedule() instanceof OutgoingEvent.Schedule.After after
                    ? after.delay().toMillis()
                    : null;
        }

        @Nullable
        Instant dueTime() {
            // The server has no time before the year 4713 BC; any time that is over means at once.
            return event.schedule() instanceof OutgoingEvent.Schedule.At at
                            && at.dueTime().isAfter(Instant.EPOCH)
                    ? at.dueTime()
                    : null;
        }

        /** Whether it may be due later, so that it is not live. */
        boolean isScheduled() {
            Long delay = delayMillis();
            return (delay != null && delay > 0) || dueTime() != null;
        }

        boolean isDeduplicated() {
            return event.deduplicationKey() != null;
        }
    }

    /**
     * Limits of publishing.
     *
     * @param maxPayloadBytes the longest payload, in bytes of its JSON text
     * @param deduplicationWindow how long a de-duplication key is remembered
     */
    public record PublishSettings(int maxPayloadBytes, Duration deduplicationWindow) {

        /** 1 MiB, one day. */
        public static final PublishSettings DEFAULT = new PublishSettings(1 << 20, Duration.ofDays(1));

        public PublishSettings {
            if (maxPayloadBytes < 1) {
                throw new IllegalArgumentException("The longest payload must have at least 1 byte: " + maxPayloadBytes);
            }
            if (deduplicationWindow.isNegative() || deduplicationWindow.isZero()) {
                throw new IllegalArgumentException(
                        "The de-duplication window must be positive: " + deduplicationWindow);
            }
        }
    }
}
