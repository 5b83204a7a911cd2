package io.pgevents.live;

import io.pgevents.subscription.TopicPattern;
import java.util.List;

/**
 * A handler of this instance that gets every live event of its topics, as every other instance does. Immutable.
 *
 * @param name for the log
 * @param topics at least one pattern
 * @param handler what is done with the events
 */
public record BroadcastSubscription(String name, List<TopicPattern> topics, Handler handler) {

    public BroadcastSubscription {
        if (topics.isEmpty()) {
            throw new IllegalArgumentException("The broadcast subscription \"" + name + "\" has no topic");
        }
        topics = List.copyOf(topics);
    }

    /** Handles live events, one after the other, in their order. What it throws is logged; nothing is tried again. */
    public interface Handler {

        /** An event was committed. */
        void received(LiveEvent event) throws Exception;

        /** Events may have been missed. */
        void gap() throws Exception;

        /** Whether the process goes on running for it, if nothing else keeps it. */
        default boolean keepsAlive() {
            return true;
        }
    }

    /** The broadcast subscriptions an application declares. Asked once, when the bus starts. */
    @FunctionalInterface
    public interface DeclaredBroadcasts {

        /** The declared subscriptions. */
        List<BroadcastSubscription> all();
    }
}
