package io.pgevents.relay;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.pgevents.codec.Jackson2EventCodec;
import java.security.Principal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Relays of a feed in memory, and their clients, which are closed at the end. */
final class RelayFixture implements AutoCloseable {

    final InMemoryFeed feed = new InMemoryFeed();
    final TextFrames frames = new TextFrames();
    final RelayStream stream = RelayStream.of("all", "a.#");
    private final List<Relay> relays = new ArrayList<>();
    private final List<RelayClient> clients = new ArrayList<>();
    final Relay relay = relay(Relay.Settings.DEFAULT);

    Relay relay(Relay.Settings settings) {
        Relay started = new Relay(feed, new Jackson2EventCodec(), settings);
        started.start();
        relays.add(started);
        return started;
    }

    RelayClient open(RelaySubscription subscription) {
        return open(relay, subscription);
    }

    RelayClient open(Relay door, RelaySubscription subscription) {
        RelayClient client = door.open(subscription, frames);
        clients.add(client);
        return client;
    }

    void refused(Relay full, @Nullable Principal principal) {
        assertThatExceptionOfType(RelayRefusedException.class)
                .isThrownBy(() -> full.open(RelaySubscription.to(stream).withPrincipal(principal), frames));
    }

    @Override
    public void close() {
        clients.forEach(RelayClient::close);
        relays.forEach(Relay::stop);
    }
}
