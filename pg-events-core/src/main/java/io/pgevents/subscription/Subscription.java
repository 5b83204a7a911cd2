package io.pgevents.subscription;

import java.util.List;

/**
 * A named, durable consumer of topics. Immutable.
 *
 * @param name stable and unique, 1 to 100 characters without spaces, not beginning with {@code $}
 * @param topics at least one pattern
 * @param handler what is done with the events
 * @param settings how it is run
 */
public record Subscription(
        String name, List<TopicPattern> topics, EventHandler<?> handler, SubscriptionSettings settings) {

    public Subscription {
        if (name.isEmpty() || name.length() > 100 || name.chars().anyMatch(c -> c <= ' ' || c == 127)) {
            throw new IllegalArgumentException(
                    "The name of a subscription must have 1 to 100 characters and no spaces: \"" + name + "\"");
        }
        if (name.startsWith("$")) {
            throw new IllegalArgumentException(
                    "The name of a subscription must not begin with $, which is kept for pg-events: \"" + name + "\"");
        }
        if (topics.isEmpty()) {
            throw new IllegalArgumentException("The subscription \"" + name + "\" has no topic");
        }
        topics = List.copyOf(topics);
    }

    /**
     * The subscriptions an application declares. Asked once, when the bus starts, after all beans are there.
     */
    @FunctionalInterface
    public interface DeclaredSubscriptions {

        /** The declared subscriptions. */
        List<Subscription> all();
    }
}
