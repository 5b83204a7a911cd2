package io.pgevents.relay;

import io.pgevents.live.LiveCursor;
import io.pgevents.live.LiveEvent;
import io.pgevents.live.LiveFeed.Registration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * One browser, as the relay sees it. Its connection takes frames whenever it can write, and closes it when it is gone.
 * Thread-safe.
 */
public final class RelayClient {

    private static final Logger log = LoggerFactory.getLogger(Relay.class);

    private final RelaySubscription subscription;
    private final Outbox outbox;
    private final Executor writers;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicBoolean missed = new AtomicBoolean();
    private final ClientFilter filter;
    private Runnable onClose = () -> {};
    private volatile Supplier<Outbox.Position> position = () -> Outbox.Position.UNKNOWN;
    private volatile Connection connection = new Connection() {};
    private @Nullable Crossing crossing;
    private Supplier<Outbox.Position> trunk = position;
    private @Nullable Registration own;

    /** What carries frames to a browser. Its methods are called on threads of the relay, and must not block. */
    public interface Connection {

        /** There are frames again, after the last {@link #poll()} had none; or the client has ended. */
        default void flow() {}

        /** The browser takes nothing: to be cut off without waiting for it. */
        default void abort() {}
    }

    RelayClient(RelaySubscription subscription, Outbox outbox, Executor writers) {
        this.subscription = subscription;
        this.filter = new ClientFilter(subscription);
        this.outbox = outbox;
        this.writers = writers;
    }

    /** Says what carries the frames. It takes them from now on, and is told when there are more after it had them all. */
    public void attach(Connection carrier) {
        connection = carrier;
        outbox.attached();
    }

    /** The next frame to be written, shared with others; or null if there is none now. */
    public byte @Nullable [] poll() {
        return outbox.poll(position.get());
    }

    /** Whether the connection is to be ended once {@link #poll()} has no more. */
    public boolean isEnded() {
        return outbox.isEnded();
    }

    /** The connection is gone, everything is freed. Idempotent. */
    public void close() {
        if (closed.compareAndSet(false, true)) {
            free();
        }
    }

    /** Frees what the client was given after it had been closed; true if it has been. */
    boolean freeIfClosed() {
        if (closed.get()) {
            free();
        }
        return closed.get();
    }

    private void free() {
        onClose.run();
        closeOwn();
        outbox.end(null);
        outbox.clear();
    }

    /** Has the connection called again by a thread of the relay, so that others get their turn. */
    public void yieldTurn() {
        wake();
    }

    RelaySubscription subscription() {
        return subscription;
    }

    Outbox outbox() {
        return outbox;
    }

    /** Says what else is freed, perhaps more than once. */
    void onClose(Runnable action) {
        onClose = action;
    }

    /** From now on the trunk's events come, beside those of the client's own registration if it has resumed. */
    synchronized void joined(Supplier<Outbox.Position> trunkPosition, boolean resumed) {
        outbox.startAt(trunkPosition.get());
        trunk = trunkPosition;
        if (resumed) {
            crossing = new Crossing();
        } else {
            position = trunkPosition;
        }
    }

    /** Whether the trunk alone brings all that this client has yet to get. */
    synchronized boolean hasCrossed() {
        return crossing == null || crossing.isSettled();
    }

    synchronized void ownRegistration(Registration registration) {
        own = registration;
    }

    /** From the client's own registration, on the thread that replays or that of the tail. */
    synchronized void receivedByOwn(RelayEvent event) {
        pass(crossing == null ? List.of(event) : crossing.own(event));
        endCrossing();
    }

    /** From the trunk, on the thread of the tail. */
    synchronized void receivedByTrunk(RelayEvent event) {
        pass(crossing == null ? List.of(event) : crossing.trunk(event));
        endCrossing();
    }

    /** The client's own registration has brought everything up to here. */
    synchronized void reachedByOwn(LiveCursor cursor) {
        if (crossing != null) {
            crossing.ownReached(cursor);
            endCrossing();
        }
    }

    /** The trunk has brought everything up to here. */
    synchronized void reachedByTrunk(LiveCursor cursor) {
        if (crossing != null) {
            crossing.trunkReached(cursor);
            endCrossing();
        }
    }

    private void endCrossing() {
        if (crossing != null && crossing.isOver() && own != null) {
            // Not here: closing it may wait for the tail, whose thread this is.
            onWriter(this::closeOwn);
        }
        if (crossing != null && crossing.isSettled()) {
            position = trunk;
        }
    }

    private void closeOwn() {
        Registration ending;
        synchronized (this) {
            ending = own;
            own = null;
        }
        if (ending != null) {
            ending.close();
        }
    }

    private void pass(List<RelayEvent> events) {
        for (RelayEvent event : events) {
            RelayEvent seen = filter.seen(event);
            if (seen != null) {
                answered(outbox.offer(seen));
            }
        }
    }

    void gap() {
        answered(outbox.gap());
    }

    /** An event could not be handed over to this client, which is no reason to keep it from the others. */
    void missed(LiveEvent event, Throwable failure) {
        if (missed.compareAndSet(false, true)) {
            log.warn(
                    "A client of stream {} did not get event {} and is told of a gap; later failures are not logged",
                    subscription.stream().name(),
                    event.eventId(),
                    failure);
        }
        gap();
    }

    void heartbeat() {
        answered(outbox.heartbeat());
    }

    /**
     * Has the connection look again for what has waited since then: one that cannot write does nothing, and one that was
     * not told, for whatever reason, goes on.
     */
    void lookAgain(long sinceNanos) {
        onWriter(() -> {
            flow();
            if (!outbox.isStuckSince(sinceNanos)) {
                log.info(
                        "Frames for a client of stream {} had waited longer than needed",
                        subscription.stream().name());
            }
        });
    }

    /** Ends the connection after a last frame. */
    void end(byte @Nullable [] last) {
        answered(outbox.end(last));
    }

    /** Ends the connection of a browser that does not read. */
    void cutOff() {
        outbox.end(null);
        onWriter(() -> {
            try {
                connection.abort();
            } finally {
                close();
            }
        });
    }

    private void answered(Outbox.Answer answer) {
        if (answer == Outbox.Answer.QUEUED_AND_WAKE) {
            wake();
        } else if (answer == Outbox.Answer.FULL) {
            log.debug(
                    "A client of stream {} is too slow and is disconnected",
                    subscription.stream().name());
            answered(outbox.finish());
        }
    }

    private void wake() {
        onWriter(this::flow);
    }

    /** If there is no thread for it, the other clients are not kept waiting: a heartbeat or the clock comes here again. */
    private void onWriter(Runnable task) {
        try {
            writers.execute(task);
        } catch (RuntimeException | Error ex) {
            log.warn("No thread of the relay can be had now; it is tried again a heartbeat or two later", ex);
        }
    }

    private void flow() {
        try {
            connection.flow();
        } catch (RuntimeException | Error ex) {
            log.atLevel(ex instanceof Error ? Level.WARN : Level.DEBUG)
                    .setCause(ex)
                    .log("A client of stream {} is gone", subscription.stream().name());
            try {
                connection.abort();
            } finally {
                close();
            }
        }
    }
}
