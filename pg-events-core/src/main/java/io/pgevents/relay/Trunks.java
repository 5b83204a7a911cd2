package io.pgevents.relay;

import io.pgevents.live.LiveCursor;
import io.pgevents.live.LiveEvent;
import io.pgevents.live.LiveFeed;
import io.pgevents.live.LiveListener;
import io.pgevents.subscription.TopicPattern;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The registrations of the relay at the feed: one for each set of topics that somebody follows, and one more for each
 * client that resumes, until it has caught up. Thread-safe, but not to be used by the thread of the tail: registering
 * may wait for it.
 */
final class Trunks {

    private final LiveFeed feed;
    private final Map<Set<TopicPattern>, Trunk> trunks = new HashMap<>();

    Trunks(LiveFeed feed) {
        this.feed = feed;
    }

    /** From where the client was, or from now on. */
    void join(RelayClient client, @Nullable LiveCursor since) {
        if (since != null) {
            client.ownRegistration(feed.listen(client.subscription().stream().topics(), since, new Own(client)));
        }
        Set<TopicPattern> topics = client.subscription().stream().topics();
        synchronized (trunks) {
            Trunk trunk = trunks.get(topics);
            if (trunk == null) {
                trunk = new Trunk();
                trunk.registered(feed.listen(topics, trunk));
                trunks.put(topics, trunk);
            }
            client.joined(trunk::position, since != null);
            trunk.join(client);
        }
    }

    void leave(RelayClient client) {
        Set<TopicPattern> topics = client.subscription().stream().topics();
        synchronized (trunks) {
            Trunk trunk = trunks.get(topics);
            if (trunk != null && trunk.leave(client)) {
                trunks.remove(topics);
                trunk.close();
            }
        }
    }

    /** What a client missed while it was away, and what comes until it has caught up. */
    private record Own(RelayClient client) implements LiveListener {

        @Override
        public void received(LiveEvent event) {
            client.receivedByOwn(new RelayEvent(event, 0));
        }

        @Override
        public void gap() {
            client.gap();
        }
    }
}
