package io.pgevents.channel;

import io.pgevents.InvalidEventException;
import io.pgevents.Notification;
import io.pgevents.PgEventsException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The channels on which this instance listens, all on the one listening connection. Listeners come and go at any time,
 * also before the bus is started and while the connection is lost. Thread-safe.
 */
public final class Channels {

    /** How many notifications may wait for a listener that does not say otherwise. */
    public static final int DEFAULT_CAPACITY = 1_000;

    private final Executor executor;
    private final boolean enabled;
    private final LongAdder dropped = new LongAdder();
    private final AtomicLong connections = new AtomicLong();
    private volatile Listeners listeners = Listeners.NONE;
    private volatile @Nullable Instant connectedSince;
    private volatile @Nullable Instant lastHeard;

    /**
     * Channels without listeners.
     *
     * @param executor runs listeners, one task for each at a time; must take tasks at once
     * @param enabled whether there is a listening connection at all
     */
    public Channels(Executor executor, boolean enabled) {
        this.executor = executor;
        this.enabled = enabled;
    }

    /** As {@link #listen(Collection, int, ChannelListener)}, with one channel and the default capacity. */
    public Registration listen(String channel, ChannelListener listener) {
        return listen(List.of(channel), DEFAULT_CAPACITY, listener);
    }

    /**
     * Adds a listener; returns at once. The hub listens a moment later, when it is connected:
     * {@link Registration#awaitListening} waits for that.
     *
     * @param channels the exact names, each at most 63 bytes; {@code pg_events_} is reserved
     * @param capacity how many notifications may wait; when one more comes, the oldest is dropped, and the listener is
     *     told of the gap in its place
     * @throws InvalidEventException if a name is not valid
     * @throws PgEventsException if this instance has no listening connection
     */
    public Registration listen(Collection<String> channels, int capacity, ChannelListener listener) {
        if (!enabled) {
            throw new PgEventsException("Nobody can listen on " + channels
                    + ": the listening connection is switched off. Set pg-events.listen.enabled=true.");
        }
        channels.forEach(ChannelName::new);
        Mailbox mailbox = new Mailbox(listener, capacity, executor, dropped);
        Listening added = new Listening(Set.copyOf(channels), mailbox, this::remove);
        change(now -> now.with(added));
        return added;
    }

    private void remove(Listening listening) {
        change(now -> now.without(listening));
    }

    private synchronized void change(UnaryOperator<Listeners> change) {
        listeners = change.apply(listeners);
    }

    /** How the listening connection is, and the listeners on it. */
    public Status status() {
        return new Status(
                connectedSince,
                lastHeard,
                Math.max(0, connections.get() - 1),
                listeners().all().size(),
                dropped.sum());
    }

    Listeners listeners() {
        return listeners;
    }

    void connected() {
        connections.incrementAndGet();
        connectedSince = Instant.now();
        lastHeard = connectedSince;
    }

    void heard() {
        lastHeard = Instant.now();
    }

    void deliver(Notification notification) {
        listeners().of(notification.channel()).forEach(each -> each.mailbox().put(notification));
    }

    /** The connection is lost or was not to be had. */
    void disconnected() {
        connectedSince = null;
        listeners().all().forEach(Listening::interrupted);
    }

    /** A listener's place among the listeners. Thread-safe. */
    public interface Registration extends AutoCloseable {

        /** Whether the server sends everything that is committed from now on. Not so while the connection is lost. */
        boolean isListening();

        /**
         * Waits until the server has taken the channels for the first time.
         *
         * @return false if it has not within that time
         */
        boolean awaitListening(Duration atMost) throws InterruptedException;

        /** Nothing more comes, except what is being handed over. Idempotent; does not wait. */
        @Override
        void close();
    }

    /**
     * How the listening connection is.
     *
     * @param connectedSince when the connection was made that is there now, or null while there is none
     * @param lastHeard when the last notification came, if only a heartbeat; at most some 20 s ago on a good connection
     * @param reconnects how often the connection was made anew
     * @param listeners how many there are
     * @param dropped notifications that slow listeners have lost, since the start
     */
    public record Status(
            @Nullable Instant connectedSince,
            @Nullable Instant lastHeard,
            long reconnects,
            int listeners,
            long dropped) {}
}
