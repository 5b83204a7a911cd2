package io.pgevents.channel;

import io.pgevents.jdbc.DedicatedConnections;
import io.pgevents.jdbc.SqlStatements;
import io.pgevents.retry.RetryPolicy.Backoff;
import io.pgevents.schema.EventSchema;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds the listening connection on a thread of its own, and connects again with growing pauses when it is lost: the
 * wake-up and the channels of the application share it. Requests are taken from any thread and carried out within a
 * tenth of a second. The package documentation has the protocol.
 */
public final class WakeUpHub {

    private static final Logger log = LoggerFactory.getLogger(WakeUpHub.class);
    private static final Backoff RECONNECT = new Backoff(Duration.ofMillis(100), 2, Duration.ofSeconds(10), 0.5);
    /** A pooler will not go away soon. */
    private static final Duration POOLER_PAUSE = Duration.ofMinutes(1);

    private static final Duration STEP = Duration.ofMillis(50);
    private static final Duration LISTENER_GRACE = Duration.ofSeconds(5);

    private final DedicatedConnections connections;
    private final SqlStatements statements;
    private final Settings settings;
    private final WakeUpListener listener;
    private final Channels channels;
    private final Heartbeat.Settings heartbeat;
    private final QueueWatch queue;
    private final Requests requests = new Requests();
    private final CountDownLatch stopping = new CountDownLatch(1);
    private @Nullable Thread thread;
    private volatile boolean leaving;
    private volatile boolean behindPooler;

    /**
     * How the hub runs.
     *
     * @param nodeId the instance; the connection holds its lock, which proves that it is alive
     * @param nodeName its name
     * @param pollInterval after which polling is as good as watching
     */
    public record Settings(int nodeId, String nodeName, Duration pollInterval) {}

    public WakeUpHub(
            DedicatedConnections connections,
            EventSchema schema,
            Settings settings,
            WakeUpListener listener,
            Channels channels) {
        this(connections, schema, settings, listener, channels, Heartbeat.Settings.DEFAULT);
    }

    WakeUpHub(
            DedicatedConnections connections,
            EventSchema schema,
            Settings settings,
            WakeUpListener listener,
            Channels channels,
            Heartbeat.Settings heartbeat) {
        this.connections = connections;
        this.statements = new SqlStatements(schema);
        this.settings = settings;
        this.listener = listener;
        this.channels = channels;
        this.heartbeat = heartbeat;
        this.queue = new QueueWatch(heartbeat.fullQueue());
    }

    /** Starts the thread; does not wait for the connection. Call once. */
    public void start() {
        Thread started = new Thread(this::run, "pg-events-hub");
        started.setDaemon(true);
        thread = started;
        started.start();
    }

    /**
     * Waits until all listeners that are there hear their channels.
     *
     * @return false if some do not within that time, or a pooler keeps them from it
     */
    public boolean awaitListening(Duration atMost) {
        long end = System.nanoTime() + atMost.toNanos();
        try {
            for (Listening each : channels.listeners().all()) {
                while (!each.awaitListening(STEP)) {
                    if (behindPooler || System.nanoTime() - end >= 0) {
                        return false;
                    }
                }
            }
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
            return false;
        }
        return true;
    }

    /** Closes the connection and waits for the thread, and for listeners that are at work. Idempotent. */
    public void stop() {
        stopping.countDown();
        Thread running = thread;
        if (running != null) {
            try {
                running.join(TimeUnit.SECONDS.toMillis(15));
                channels.listeners().finish(LISTENER_GRACE);
            } catch (InterruptedException ex) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Opens all gates and leaves them to the other instances; the connection stays until {@link #stop()}. */
    public void handOver() {
        leaving = true;
    }

    /** Asks to close the gate of a subscription that has nothing to do. */
    public void park(String subscription) {
        requests.park.add(subscription);
    }

    /** Asks to open a gate, because its subscription is busy. */
    public void unpark(String subscription) {
        requests.park.remove(subscription);
        requests.unpark.add(subscription);
    }

    /** Asks the other instances to help with subscriptions. */
    public void cryForHelp(Collection<String> subscriptions) {
        requests.help.addAll(subscriptions);
    }

    private boolean isStopping() {
        return stopping.getCount() == 0;
    }

    private void run() {
        int failures = 0;
        while (!isStopping()) {
            try (Connection connection = connections.open();
                    HubSession session = session(connection)) {
                session.begin();
                behindPooler = false;
                log.debug("Listening for wake-ups on the channel {}", session.channel());
                listener.connected();
                while (!isStopping()) {
                    // A pooler may give connections that hear nothing: those still count as failures.
                    if (failures > 0 && session.isProven()) {
                        log.info("The listening connection is back");
                        failures = 0;
                    }
                    if (leaving) {
                        requests.park.clear();
                        session.leave();
                    }
                    session.step(requests);
                }
                session.leave();
            } catch (SQLException | RuntimeException | Error ex) {
                failures++;
                channels.disconnected();
                pause(failures, ex);
            }
        }
        channels.disconnected();
    }

    private HubSession session(Connection connection) {
        return new HubSession(
                connection,
                statements,
                settings,
                listener,
                channels,
                new Heartbeat(connection, statements, heartbeat, queue));
    }

    private void pause(int failures, Throwable cause) {
        if (isStopping()) {
            return;
        }
        Duration pause = cause instanceof PoolerException
                ? POOLER_PAUSE
                : RECONNECT.after(failures, ThreadLocalRandom.current()::nextDouble);
        if (cause instanceof PoolerException) {
            warnOfPooler();
        } else if (failures == 1) {
            log.warn(
                    "The listening connection is lost; until it is back, events are found by polling, and listeners of"
                            + " channels hear nothing: {}",
                    cause.toString());
        }
        log.debug("Connecting again in {}", pause, cause);
        try {
            stopping.await(pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
            stopping.countDown();
        }
    }

    private void warnOfPooler() {
        if (!behindPooler) {
            log.warn(
                    "The listening connection goes through a connection pooler, which loses notifications and keeps locks."
                            + " So it is not used: events are found by polling, every {} ms, and @PgListen methods and other"
                            + " listeners of channels hear nothing. Set pg-events.listen.url to the direct address of the"
                            + " server; or pg-events.listen.enabled=false, if polling is what you want",
                    settings.pollInterval().toMillis());
        }
        behindPooler = true;
    }

    /** What other threads ask for. */
    static final class Requests {
        final Set<String> park = ConcurrentHashMap.newKeySet();
        final Set<String> unpark = ConcurrentHashMap.newKeySet();
        final Set<String> help = ConcurrentHashMap.newKeySet();
    }

    /** Is told by the hub when to look for work. Called on the hub's thread; must return at once and not throw. */
    public interface WakeUpListener {

        /**
         * Events of a subscription are there or due soon; whoever parked it answers. What is live is told to everybody.
         */
        void woken(String subscription, Duration dueIn);

        /** Another instance cannot keep up with a subscription. */
        void helpWanted(String subscription);

        /** The gate of a subscription is closed: look once more now. */
        void parked(String subscription);

        /**
         * Events of a subscription may have been committed unnoticed, some time after their due time: look everywhere.
         */
        void overlooked(String subscription);

        /** The hub is connected, for the first time or again: notifications may have been missed. */
        void connected();
    }
}
