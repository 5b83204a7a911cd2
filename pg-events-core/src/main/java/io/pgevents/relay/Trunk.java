package io.pgevents.relay;

import io.pgevents.live.LiveEvent;
import io.pgevents.live.LiveFeed.Registration;
import io.pgevents.live.LiveListener;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The registration of all clients with the same topics. Those who want one key only are found by it. Called on the
 * thread of the tail; clients join and leave meanwhile.
 */
final class Trunk implements LiveListener {

    private final Set<RelayClient> everybody = ConcurrentHashMap.newKeySet();
    private final Set<RelayClient> ofAnyKey = ConcurrentHashMap.newKeySet();
    private final Map<String, Set<RelayClient>> byKey = new ConcurrentHashMap<>();
    private volatile Outbox.Position position = Outbox.Position.UNKNOWN;
    private @Nullable Registration registration;

    void registered(Registration own) {
        registration = own;
    }

    void join(RelayClient client) {
        everybody.add(client);
        String key = client.subscription().key();
        if (key == null) {
            ofAnyKey.add(client);
        } else {
            byKey.compute(key, (same, clients) -> with(clients, client));
        }
    }

    /** Takes a client out; true if it was the last one. */
    boolean leave(RelayClient client) {
        everybody.remove(client);
        String key = client.subscription().key();
        if (key == null) {
            ofAnyKey.remove(client);
        } else {
            byKey.computeIfPresent(key, (same, clients) -> without(clients, client));
        }
        return everybody.isEmpty();
    }

    void close() {
        if (registration != null) {
            registration.close();
        }
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
        position = new Outbox.Position(relayed.number(), event.cursor());
    }

    @Override
    public void gap() {
        everybody.forEach(RelayClient::gap);
    }

    private static void offer(RelayEvent event, Collection<RelayClient> clients) {
        for (RelayClient client : clients) {
            client.receivedByTrunk(event);
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
