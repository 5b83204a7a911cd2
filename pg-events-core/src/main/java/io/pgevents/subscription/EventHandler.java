package io.pgevents.subscription;

import io.pgevents.EventMetadata;
import io.pgevents.OutgoingEvent;
import io.pgevents.PayloadConversionException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a subscription does with events. Called by several threads at a time when the concurrency says so.
 *
 * @param <T> what an event is converted to
 */
public interface EventHandler<T> {

    /**
     * Converts one event. Runs before the handling, for each event on its own, so that an event that cannot be
     * converted fails without its neighbours.
     *
     * @throws PayloadConversionException if the payload does not fit; the event becomes a dead letter at once
     */
    T convert(RawEvent event);

    /**
     * Handles events: exactly one, unless {@link #isBatch()}. Returning is success for all of them, throwing is
     * failure.
     *
     * @return what is published as the next step, in the transaction that finishes the events
     */
    List<OutgoingEvent> handle(List<T> events) throws Exception;

    /** Whether {@link #handle} takes several events at once. */
    boolean isBatch();

    /**
     * The type names this handler knows, or null if it takes any. An event with another type name is left to other
     * instances, without using up an attempt; an event without a type name is always taken.
     */
    @Nullable
    Set<String> knownTypes();

    /**
     * A claimed event before its payload is converted.
     *
     * @param metadata id, topic, key, headers, attempt
     * @param payload the JSON text
     */
    public record RawEvent(EventMetadata metadata, String payload) {}
}
