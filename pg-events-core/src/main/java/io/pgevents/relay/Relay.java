package io.pgevents.relay;

import io.pgevents.codec.EventCodec;
import io.pgevents.live.LiveCursor;
import io.pgevents.live.LiveFeed;
import java.security.Principal;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.springframework.context.SmartLifecycle;

/**
 * Fans live events out to browsers. It begins after, and ends before, the bus and the web server: a stop tells all
 * clients, waits a moment for those that read, and cuts the others off. Thread-safe.
 */
public final class Relay implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(Relay.class);
    private static final Duration FAREWELL = Duration.ofSeconds(2);

    /** Stopped before the bus, whose phase is 512 below the highest. */
    private static final int PHASE = Integer.MAX_VALUE - 256;

    private final LiveFeed feed;
    private final EventCodec codec;
    private final Settings settings;
    private final Admission admission;
    private final Budget budget;
    private final Trunks trunks;
    private final RelayThreads threads;
    private final Set<Open> open = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean databaseFails = new AtomicBoolean();

    /**
     * Limits and times.
     *
     * @param maxClients most clients of this instance
     * @param maxClientsPerPrincipal most clients of one principal, by its name; those nobody knows are not counted
     * @param maxQueuedBytes most bytes that wait for all clients together
     * @param heartbeat how often a client gets a sign of life; finds those that are gone
     * @param writeTimeout how long a client may take nothing of what waits for it
     */
    public record Settings(
            int maxClients,
            int maxClientsPerPrincipal,
            long maxQueuedBytes,
            Duration heartbeat,
            Duration writeTimeout) {

        /** 5,000 clients, 20 for each principal, 64 MB, 15 and 30 seconds. */
        public static final Settings DEFAULT =
                new Settings(5000, 20, 64L << 20, Duration.ofSeconds(15), Duration.ofSeconds(30));

        public Settings {
            if (maxClients < 1 || maxClientsPerPrincipal < 1 || maxQueuedBytes < 1) {
                throw new IllegalArgumentException("The limits of the relay are at least 1");
            }
            if (heartbeat.toMillis() < 10 || writeTimeout.toMillis() < 10) {
                throw new IllegalArgumentException("Heartbeat and write timeout of the relay are at least 10 ms");
            }
        }
    }

    /**
     * What the relay is doing; counts since its creation.
     *
     * @param clients that are connected
     * @param queuedBytes that wait for all of them
     * @param sent events
     * @param dropped events that were thrown away because a queue was full
     * @param gaps that clients were told of
     * @param disconnected clients that were cut off because they took nothing
     * @param refused clients that were asked to come back: no room, not running, or the database failed
     */
    public record Statistics(
            int clients, long queuedBytes, long sent, long dropped, long gaps, long disconnected, long refused) {}

    private record Open(RelayClient client, FrameEncoder encoder) {}

    public Relay(LiveFeed feed, EventCodec codec, Settings settings) {
        this.feed = feed;
        this.codec = codec;
        this.settings = settings;
        this.budget = new Budget(settings.maxQueuedBytes());
        this.admission = new Admission(settings, budget);
        this.trunks = new Trunks(feed);
        this.threads = new RelayThreads();
    }

    /**
     * Lets a client in. Reads what it missed, and the snapshot, on the calling thread. The caller attaches a connection,
     * and closes the client in any case.
     *
     * @throws RelayRefusedException if there is no room, the relay is not running, or the database fails
     */
    public RelayClient open(RelaySubscription subscription, FrameEncoder encoder) {
        Principal principal = subscription.principal();
        admission.enter(principal);
        Outbox outbox = new Outbox(encoder, subscription.stream().queue(), budget);
        RelayClient client = new RelayClient(subscription, outbox, threads.writers());
        Open entry = new Open(client, encoder);
        client.onClose(() -> {
            trunks.leave(client);
            if (open.remove(entry)) {
                admission.leave(principal);
            }
        });
        open.add(entry);
        try {
            begin(client, encoder);
        } catch (RuntimeException | Error ex) {
            client.close();
            client.freeIfClosed();
            throw ex;
        }
        // A stop may have closed it before it had joined.
        if (client.freeIfClosed()) {
            throw admission.refuse("The relay has stopped meanwhile");
        }
        return client;
    }

    private void begin(RelayClient client, FrameEncoder encoder) {
        RelaySubscription.Snapshot snapshot = client.subscription().snapshot();
        LiveCursor since = snapshot == null ? client.subscription().since() : null;
        try {
            LiveCursor start = since == null ? feed.now() : null;
            first(client, encoder.opening(start));
            trunks.join(client, since);
            databaseFails.set(false);
        } catch (RelayRefusedException ex) {
            throw ex;
        } catch (RuntimeException ex) {
            if (!isInterrupted() && databaseFails.compareAndSet(false, true)) {
                log.warn("The live log cannot be read. Clients are asked to come back until it can", ex);
            }
            throw admission.refuse("The live log cannot be read", ex);
        }
        if (snapshot != null) {
            first(client, encoder.message(snapshot.eventName(), codec.write(read(snapshot))));
        }
    }

    /** Then the client has left, and its thread may have failed for that reason alone. */
    private static boolean isInterrupted() {
        return Thread.currentThread().isInterrupted();
    }

    private void first(RelayClient client, byte[] frame) {
        if (!client.outbox().open(frame)) {
            throw admission.refuse("What waits for clients leaves no room for " + frame.length + " bytes");
        }
    }

    private Object read(RelaySubscription.Snapshot snapshot) {
        try {
            return snapshot.state().get();
        } catch (RuntimeException ex) {
            RuntimeException failure = RelayRefusedException.insteadOf(ex);
            if (failure instanceof RelayRefusedException) {
                log.atLevel(isInterrupted() ? Level.DEBUG : Level.WARN)
                        .setCause(ex)
                        .log(
                                "The snapshot \"{}\" cannot be read. The client is asked to come back",
                                snapshot.eventName());
                throw admission.refuse("The snapshot cannot be read", ex);
            }
            throw failure;
        }
    }

    /** What the relay is doing now. */
    public Statistics statistics() {
        return new Statistics(
                budget.clients.get(),
                budget.used(),
                budget.sent.sum(),
                budget.dropped.sum(),
                budget.gaps.sum(),
                budget.disconnected.sum(),
                admission.refused());
    }

    @Override
    public synchronized void start() {
        if (!admission.isOpen()) {
            threads.start(settings.heartbeat(), this::heartbeat, settings.writeTimeout(), this::cutOffStuck);
            admission.open();
        }
    }

    private void heartbeat() {
        long since = System.nanoTime() - settings.heartbeat().toNanos();
        for (Open each : open) {
            boolean waits = each.client().outbox().isStuckSince(since);
            each.client().heartbeat();
            if (waits) {
                each.client().lookAgain(since);
            }
        }
    }

    private void cutOffStuck() {
        long since = System.nanoTime() - settings.writeTimeout().toNanos();
        for (Open each : open) {
            if (each.client().outbox().isStuckSince(since)) {
                budget.disconnected.increment();
                each.client().cutOff();
            }
        }
    }

    @Override
    public synchronized void stop() {
        if (!admission.isOpen()) {
            return;
        }
        admission.close();
        open.forEach(each -> each.client().end(each.encoder().shutdown()));
        if (!admission.awaitEmpty(FAREWELL)) {
            log.info("{} clients do not read; they are cut off", open.size());
            open.forEach(each -> each.client().cutOff());
        }
        threads.stop();
    }

    @Override
    public boolean isRunning() {
        return admission.isOpen();
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
