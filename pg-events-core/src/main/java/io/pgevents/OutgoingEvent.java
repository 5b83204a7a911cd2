package io.pgevents;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An event to publish: topic and payload, and what else is wanted. Immutable; each {@code with} method returns a new
 * one.
 *
 * <pre>{@code
 * publisher.publish(OutgoingEvent.of("order.placed", order)
 *         .withKey(order.customer())
 *         .withDelay(Duration.ofMinutes(5)));
 * }</pre>
 *
 * @param topic a dot-separated name of letters, digits, {@code _} and {@code -}, at most 255 characters
 * @param payload the object that is written as JSON; {@link RawJson} is written as it is
 * @param type the name under which the payload's class is known to consumers, or null
 * @param key the ordering key, at most 255 characters, or null
 * @param headers text headers
 * @param priority how urgent it is
 * @param schedule when it is due
 * @param deduplicationKey a second event with the same topic and key is refused within the window, or null
 */
public record OutgoingEvent(
        String topic,
        Object payload,
        @Nullable String type,
        @Nullable String key,
        Map<String, String> headers,
        Priority priority,
        Schedule schedule,
        @Nullable String deduplicationKey) {

    /** When an event is due. */
    public sealed interface Schedule {
        /** At once. */
        record Now() implements Schedule {}

        /** After a delay, counted by the database's clock from the publish on. */
        record After(Duration delay) implements Schedule {}

        /** At a time; a time that is over means at once. */
        record At(Instant dueTime) implements Schedule {}
    }

    /** A payload that is JSON text already. */
    public record RawJson(String json) {}

    public OutgoingEvent {
        headers = Map.copyOf(headers);
        if (schedule instanceof Schedule.After after && after.delay().isNegative()) {
            throw new InvalidEventException("The delay of an event is negative (" + after.delay()
                    + "). Use a delay of zero or" + " more, or withDueTime for a time that may be over.");
        }
    }

    /**
     * An event that is due at once. If the payload's class is annotated with {@link PgEvent}, its type name is taken.
     */
    public static OutgoingEvent of(String topic, Object payload) {
        return new OutgoingEvent(
                topic,
                payload,
                AnnotatedEvents.typeName(payload.getClass()),
                null,
                Map.of(),
                Priority.NORMAL,
                new Schedule.Now(),
                null);
    }

    /** An event whose payload is JSON text already. */
    public static OutgoingEvent ofJson(String topic, String json) {
        return of(topic, new RawJson(json));
    }

    /**
     * An event whose class says its topic, type and key with {@link PgEvent}.
     *
     * @throws InvalidEventException if the class is not annotated
     */
    public static OutgoingEvent ofAnnotated(Object payload) {
        return AnnotatedEvents.describe(payload);
    }

    /** With a type name, which consumers of several types under one topic look up. */
    public OutgoingEvent withType(@Nullable String newType) {
        return new OutgoingEvent(topic, payload, newType, key, headers, priority, schedule, deduplicationKey);
    }

    /** With an ordering key: ordered subscriptions handle the events of one key one at a time, in order. */
    public OutgoingEvent withKey(@Nullable String newKey) {
        return new OutgoingEvent(topic, payload, type, newKey, headers, priority, schedule, deduplicationKey);
    }

    /** With one more header. */
    public OutgoingEvent withHeader(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new OutgoingEvent(topic, payload, type, key, more, priority, schedule, deduplicationKey);
    }

    /** With a priority. */
    public OutgoingEvent withPriority(Priority newPriority) {
        return new OutgoingEvent(topic, payload, type, key, headers, newPriority, schedule, deduplicationKey);
    }

    /** Due after a delay of zero or more. */
    public OutgoingEvent withDelay(Duration delay) {
        return withSchedule(new Schedule.After(delay));
    }

    /** Due at a time; a time that is over means at once. */
    public OutgoingEvent withDueTime(Instant dueTime) {
        return withSchedule(new Schedule.At(dueTime));
    }

    /** Refused if an event with the same topic and key was published within the window. */
    public OutgoingEvent withDeduplicationKey(@Nullable String newKey) {
        return new OutgoingEvent(topic, payload, type, key, headers, priority, schedule, newKey);
    }

    private OutgoingEvent withSchedule(Schedule newSchedule) {
        return new OutgoingEvent(topic, payload, type, key, headers, priority, newSchedule, deduplicationKey);
    }
}
