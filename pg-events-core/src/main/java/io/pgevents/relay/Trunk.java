package io.pgevents.relay;

import io.pgevents.live.LiveCursor;
import io.pgevents.live.LiveEvent;
import io.pgevents.live.LiveFeed.Registration;
import io.pgevents.live.LiveListener;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The registration of all clients with the same topics. Those who want one key only are found by it; those who have
 * resumed hear all keys until they have crossed over, so that any event ends their crossing. Called on the thread of the
 * tail; clients join and leave meanwhile.
 */
final class Trunk implements LiveListener {

    private final Set<RelayClient> everybody = ConcurrentHashMap.newKeySet();
    private final Set<RelayClient> crossing = ConcurrentHashMap.newKeySet();
    private final Set<RelayClient> ofAnyKey = ConcurrentHashMap.newKeySet();
    private final Map<String, Set<RelayClient>> byKey = new ConcurrentHashMap<>();
    private final Object opening = new Object();
    private volatile Outbox.Position position = Outbox.Position.UNKNOWN;
    private volatile @Nullable Registration registration;
    private volatile boolean closed;

    /** Has the trunk registered, if it is not. Waits for whoever does it already. */
    void open(Supplier<Registration> listen) {
        synchronized (opening) {
            if (registration == null && !closed) {
                registration = listen.get();
            }
        }
        if (closed) {
            close();
        }
    }

    /** Does not wait for who opens it, who closes it then. */
    void close() {
        closed = true;
        Registration ending = registration;
        if (ending != null) {
            ending.close();
        }
    }

    synchronized void join(RelayClient client, boolean resumed) {
        everybody.add(client);
        if (resumed) {
            crossing.add(client);
        } else {
            place(client);
        }
    }

    private void place(RelayClient client) {
        String key = client.subscription().key();
        if (key == null) {
            ofAnyKey.add(client);
        } else {
            byKey.compute(key, (same, clients) -> with(clients, client));
        }
    }

    /** Takes a client out; true if nobody is left. */
    synchronized boolean leave(RelayClient client) {
        everybody.remove(client);
        crossing.remove(client);
        String key = client.subscription().key();
        if (key == null) {
            ofAnyKey.remove(client);
        } else {
            byKey.computeIfPresent(key, (same, clients) -> without(clients, client));
        }
        return everybody.isEmpty();
    }

    /** Only between two events: a client that moves during one would hear it twice, or not at all. */
    private synchronized void placeThoseWhoHaveCrossed() {
        crossing.removeIf(client -> {
            boolean crossed = client.hasCrossed();
            if (crossed) {
                place(client);
            }
            return crossed;
        });
    }

    Outbox.Position position() {
        return position;
    }

    @Override
    public void received(LiveEvent event) {
        RelayEvent relayed = new RelayEvent(event, position.number() + 1);
        offer(relayed, ofAnyKey);
        if (event.key() != null) {
            offer(relayed, byKey.getOrDefault(event.key(), Set.of()));
        }
        offer(relayed, crossing);
        goneTo(event.cursor());
    }

    @Override
    public void reached(LiveCursor cursor) {
        crossing.forEach(client -> client.reachedByTrunk(cursor));
        goneTo(cursor);
    }

    private void goneTo(LiveCursor cursor) {
        position = new Outbox.Position(position.number() + 1, cursor);
        if (!crossing.isEmpty()) {
            placeThoseWhoHaveCrossed();
        }
    }

    @Override
    public void gap() {
        everybody.forEach(RelayClient::gap);
    }

    private static void offer(RelayEvent event, Collection<RelayClient> clients) {
        for (RelayClient client : clients) {
            try {
                client.receivedByTrunk(event);
            } catch (RuntimeException | Error ex) {
                client.missed(event.event(), ex);
            }
        }
    }

    private static Set<RelayClient> with(@Nullable Set<RelayClient> clients, RelayClient client) {
        Set<RelayClient> grown = clients == null ? ConcurrentHashMap.newKeySet() : clients;
        grown.add(client);
        return grown;
    }

    private static @Nullable Set<RelayClient> without(Set<RelayClient> clients, RelayClient client) {
        clients.remove(client);
        return clients.isEmpty() ? null : clients;
    }
}
