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
            replay(client, since);
        }
        Trunk trunk;
        synchronized (trunks) {
            trunk = trunks.computeIfAbsent(topics(client), topics -> new Trunk());
            client.joined(trunk::position, since != null);
            trunk.join(client, since != null);
        }
        // Not under the lock: it reads from the database, and those who leave do not wait for that.
        trunk.open(() -> feed.listen(topics(client), trunk));
    }

    private void replay(RelayClient client, LiveCursor since) {
        client.outbox().beginReplay();
        client.ownRegistration(feed.listen(topics(client), since, new Own(client)));
        if (client.outbox().endReplay()) {
            client.outbox().resumedAt(feed.now());
        }
    }

    /** Also for a client that has not joined. */
    void leave(RelayClient client) {
        Trunk trunk;
        synchronized (trunks) {
            trunk = trunks.get(topics(client));
            if (trunk == null || !trunk.leave(client)) {
                return;
            }
            trunks.remove(topics(client));
        }
        trunk.close();
    }

    private static Set<TopicPattern> topics(RelayClient client) {
        return client.subscription().stream().topics();
    }

    /** What a client missed while it was away, and what comes until it has caught up. */
    private record Own(RelayClient client) implements LiveListener {

        @Override
        public void received(LiveEvent event) {
            client.receivedByOwn(new RelayEvent(event, 0));
        }

        @Override
        public void reached(LiveCursor cursor) {
            client.reachedByOwn(cursor);
        }

        @Override
        public void gap() {
            client.gap();
        }
    }
}
