package io.pgevents.relay;

import io.pgevents.live.LiveEvent;
import io.pgevents.subscription.TopicPattern;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A declaration of what may be streamed: nothing else is. A bean of it, or {@code pg-events.relay.streams.<name>}, has an
 * address of its own.
 *
 * @param name the last part of its address
 * @param topics topics and patterns; clients may ask for fewer
 * @param queue how much may wait for a client
 * @param fields fields of the payload by which clients may filter, {@code customer.id} for one within another
 * @param eventName what the browser sees as the type of its events, or null for their topics
 * @param filter which events may be streamed at all; called on the thread of the tail, must be quick; hides the event if it
 *     throws
 * @param view what browsers see of an event, as JSON text, or null if nothing; by default the payload. Called once for all clients,
 *     on the thread of the tail, must be quick; hides the event if it throws
 */
public record RelayStream(
        String name,
        Set<TopicPattern> topics,
        Queue queue,
        Set<String> fields,
        @Nullable String eventName,
        Predicate<LiveEvent> filter,
        Function<LiveEvent, @Nullable String> view) {

    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}._-]{1,100}");

    public RelayStream {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "Not the name of a stream: \"" + name + "\". Use letters, digits, dots, _ and -");
        }
        if (topics.isEmpty()) {
            throw new IllegalArgumentException("The stream \"" + name + "\" has no topics");
        }
        topics = Set.copyOf(topics);
        fields = Set.copyOf(fields);
    }

    /** What happens when the queue of a client is full. */
    public enum Overflow {
        /** The oldest events are thrown away, and the client is told of the gap. */
        DROP_OLDEST,
        /**
         * Of the events of a topic and key that still wait only the newest is kept, also while there is room. Each event without
         * a key is kept. If there are too many, as {@link #DROP_OLDEST}.
         */
        LATEST_PER_KEY,
        /**
         * The client gets what waits, and is disconnected. It comes back by itself, with its last event id, and goes on from
         * there: nothing is missing.
         */
        DISCONNECT
    }

    /**
     * How much may wait for a client.
     *
     * @param overflow what happens when it is full
     * @param capacity most events, besides those that a client was replayed when it came back
     * @param bytes most bytes, besides those; a single event may be larger
     */
    public record Queue(Overflow overflow, int capacity, long bytes) {

        /** 1,000 events and 1 MB; the oldest are thrown away. */
        public static final Queue DEFAULT = new Queue(Overflow.DROP_OLDEST, 1000, 1L << 20);

        public Queue {
            if (capacity < 1 || bytes < 1) {
                throw new IllegalArgumentException("A queue takes at least one event and one byte");
            }
        }
    }

    /** A stream of topics and patterns, with a default queue. */
    public static RelayStream of(String name, String... topics) {
        Set<TopicPattern> patterns = Stream.of(topics).map(TopicPattern::new).collect(Collectors.toSet());
        return new RelayStream(name, patterns, Queue.DEFAULT, Set.of(), null, event -> true, LiveEvent::payload);
    }

    /** With another policy. */
    public RelayStream withOverflow(Overflow overflow) {
        return withQueue(new Queue(overflow, queue.capacity(), queue.bytes()));
    }

    /** With another queue. */
    public RelayStream withQueue(Queue other) {
        return new RelayStream(name, topics, other, fields, eventName, filter, view);
    }

    /** With fields by which clients may filter. */
    public RelayStream withFields(String... names) {
        return new RelayStream(name, topics, queue, Set.of(names), eventName, filter, view);
    }

    /** With a name for its events. */
    public RelayStream withEventName(@Nullable String other) {
        return new RelayStream(name, topics, queue, fields, other, filter, view);
    }

    /** With a filter besides the present one. */
    public RelayStream withFilter(Predicate<LiveEvent> other) {
        return new RelayStream(name, topics, queue, fields, eventName, filter.and(other), view);
    }

    /** With another view, for browsers that are not to have the whole payload, or need it in another form. */
    public RelayStream withView(Function<LiveEvent, @Nullable String> other) {
        return new RelayStream(name, topics, queue, fields, eventName, filter, other);
    }

    /**
     * With fewer topics: each asked for is one of the stream's, or a plain topic that one of its patterns matches. One that
     * another one covers is left out.
     *
     * @throws IllegalArgumentException if one is not
     */
    public RelayStream narrowedTo(Collection<String> asked) {
        if (asked.isEmpty()) {
            return this;
        }
        Set<TopicPattern> narrowed = new LinkedHashSet<>();
        for (String text : asked) {
            TopicPattern topic = new TopicPattern(text);
            if (!topics.contains(topic)
                    && (topic.isPattern() || topics.stream().noneMatch(each -> each.matches(text)))) {
                throw new IllegalArgumentException(
                        "The stream \"" + name + "\" does not have the topic \"" + text + "\"");
            }
            narrowed.add(topic);
        }
        narrowed.removeIf(topic -> !topic.isPattern()
                && narrowed.stream().anyMatch(each -> each.isPattern() && each.matches(topic.text())));
        return new RelayStream(name, narrowed, queue, fields, eventName, filter, view);
    }
}
