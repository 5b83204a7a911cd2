package io.pgevents.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgevents.channel.Channels.Registration;
import io.pgevents.jdbc.DedicatedConnections;
import io.pgevents.schema.EventSchema;
import io.pgevents.support.TestBus;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** A hub by itself, with a heartbeat that is quick and one listener of the channel {@code a}. */
final class HubFixture implements AutoCloseable {

    static final Heartbeat.Settings QUICK = new Heartbeat.Settings(Duration.ofMillis(500), Duration.ofSeconds(1), 0.1);

    private final ExecutorService executor = Executors.newCachedThreadPool();
    final Channels channels = new Channels(executor, true);
    final Heard heard = new Heard();
    final Registration registration = channels.listen("a", heard);
    private @Nullable WakeUpHub hub;

    /** Starts without waiting for the connection. */
    WakeUpHub start(
            DedicatedConnections connections,
            EventSchema schema,
            WakeUpHub.WakeUpListener listener,
            Heartbeat.Settings heartbeat) {
        WakeUpHub.Settings settings = new WakeUpHub.Settings(1, "test", Duration.ofSeconds(2));
        WakeUpHub started = new WakeUpHub(connections, schema, settings, listener, channels, heartbeat);
        hub = started;
        started.start();
        return started;
    }

    /** Starts, and waits until it listens. */
    TestBus listening(String url, DedicatedConnections connections, Heartbeat.Settings heartbeat) {
        TestBus bus = new TestBus(url);
        WakeUpHub started = start(connections, bus.schema(), new NobodySleeps(), heartbeat);
        assertThat(started.awaitListening(Duration.ofSeconds(30))).isTrue();
        return bus;
    }

    static void send(TestBus bus, String payload) {
        bus.jdbc().query("SELECT pg_notify('a', ?)", row -> {}, payload);
    }

    @Override
    public void close() {
        if (hub != null) {
            hub.stop();
        }
        executor.shutdownNow();
    }
}
