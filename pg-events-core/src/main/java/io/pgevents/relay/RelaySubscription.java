package io.pgevents.relay;

import io.pgevents.live.LiveCursor;
import io.pgevents.live.LiveEvent;
import java.security.Principal;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What one client gets. The application that makes one has decided that the client may.
 *
 * @param stream topics, queue, names
 * @param key only events with this ordering key, or null for all; cheaper than any filter
 * @param fields accepted values by the name of a field of the payload; all fields must match
 * @param filter which events this client may see; called on the thread of the tail, must be quick; hides the event if
 *     it throws
 * @param principal whose connection it is, for the limit; null if nobody knows
 * @param since where the client was, or null for from now on; not used with a snapshot, which is newer
 * @param snapshot what is sent first, or null
 */
public record RelaySubscription(
        RelayStream stream,
        @Nullable String key,
        Map<String, Set<String>> fields,
        Predicate<LiveEvent> filter,
        @Nullable Principal principal,
        @Nullable LiveCursor since,
        @Nullable Snapshot snapshot) {

    public RelaySubscription {
        fields = Map.copyOf(fields);
    }

    /**
     * The state that the events change.
     *
     * @param eventName what the browser sees as the type of the event
     * @param state reads it, called once the client is registered, so that no change after it is missed; written as JSON
     */
    public record Snapshot(String eventName, Supplier<?> state) {}

    /** All of a stream. */
    public static RelaySubscription to(RelayStream stream) {
        return new RelaySubscription(stream, null, Map.of(), event -> true, null, null, null);
    }

    /** Only events with an ordering key. */
    public RelaySubscription withKey(@Nullable String other) {
        return new RelaySubscription(stream, other, fields, filter, principal, since, snapshot);
    }

    /**
     * Only events whose payload has one of the values in each of the fields.
     *
     * @throws IllegalArgumentException if a field is not one of the stream's
     */
    public RelaySubscription withFields(Map<String, Set<String>> accepted) {
        for (String field : accepted.keySet()) {
            if (!stream.fields().contains(field)) {
                throw new IllegalArgumentException(
                        "The stream \"" + stream.name() + "\" cannot be filtered by \"" + field + "\"");
            }
        }
        return new RelaySubscription(stream, key, accepted, filter, principal, since, snapshot);
    }

    /** With a filter besides the present one. */
    public RelaySubscription withFilter(Predicate<LiveEvent> other) {
        return new RelaySubscription(stream, key, fields, filter.and(other), principal, since, snapshot);
    }

    /** For a principal. */
    public RelaySubscription withPrincipal(@Nullable Principal other) {
        return new RelaySubscription(stream, key, fields, filter, other, since, snapshot);
    }

    /** From where the client was. */
    public RelaySubscription withSince(@Nullable LiveCursor other) {
        return new RelaySubscription(stream, key, fields, filter, principal, other, snapshot);
    }

    /** With the present state sent first. */
    public RelaySubscription withSnapshot(String eventName, Supplier<?> state) {
        return new RelaySubscription(stream, key, fields, filter, principal, since, new Snapshot(eventName, state));
    }
}
