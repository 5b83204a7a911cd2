package io.pgevents.boot.web;

import io.pgevents.relay.RelayStream;
import io.pgevents.subscription.TopicPattern;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.function.SingletonSupplier;

/**
 * Warns, once, of each topic that a stream asks for and that nothing declared here is live for: such a stream is silent.
 * Thread-safe.
 */
final class UnwrittenTopics {

    private static final Logger log = LoggerFactory.getLogger(UnwrittenTopics.class);

    /** Topics may be made from names of users: then the first ones tell enough. */
    private static final int MOST = 1000;

    private final Supplier<Collection<TopicPattern>> live;
    private final Set<TopicPattern> checked = ConcurrentHashMap.newKeySet();

    UnwrittenTopics(Supplier<Collection<TopicPattern>> live) {
        this.live = SingletonSupplier.of(live);
    }

    void check(RelayStream stream) {
        for (TopicPattern topic : stream.topics()) {
            if (checked.size() < MOST
                    && checked.add(topic)
                    && live.get().stream().noneMatch(each -> overlap(each, topic))) {
                log.warn(
                        "The stream \"{}\" asks for {}, which no LiveTopics bean, broadcast subscription or declared stream"
                                + " of this application names. Unless another application does, nothing comes",
                        stream.name(),
                        topic.text());
            }
        }
    }

    /** Two patterns may have a topic in common: nothing is said about them. */
    private static boolean overlap(TopicPattern one, TopicPattern other) {
        return (one.isPattern() && other.isPattern()) || one.matches(other.text()) || other.matches(one.text());
    }
}
