package io.pgevents.live;

import io.pgevents.subscription.TopicPattern;
import java.util.Collection;

/** Says which topics have to be written to the live log besides those of broadcast subscriptions. A bean of it is found. */
@FunctionalInterface
public interface LiveTopics {

    /** Topics and patterns; read at start. */
    Collection<TopicPattern> topics();
}
