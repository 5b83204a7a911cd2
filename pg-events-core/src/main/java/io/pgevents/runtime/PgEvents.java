package io.pgevents.runtime;

import io.pgevents.channel.Channels;
import io.pgevents.jdbc.DedicatedConnections;
import io.pgevents.live.BroadcastSubscription.DeclaredBroadcasts;
import io.pgevents.live.LiveLog;
import io.pgevents.live.LiveTopics;
import io.pgevents.publish.JdbcEventPublisher;
import io.pgevents.schema.EventSchema;
import io.pgevents.subscription.Subscription;
import io.pgevents.subscription.Subscription.DeclaredSubscriptions;
import io.pgevents.subscription.SubscriptionRegistration;
import io.pgevents.subscription.TopicPattern;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * One instance of the bus: registers the declared subscriptions at start and runs their consumers until it is stopped.
 * A stop claims nothing more, waits for running handlers for the drain timeout, and hands back what has not begun. It
 * is started after, and stopped before, the web server. Starting and stopping twice is harmless, and it can be started
 * again. While it runs and has a subscription, a broadcast handler or a listener of channels, it keeps the process running.
 */
public final class PgEvents implements SmartLifecycle {

    /** Stopped before the web server shuts down gracefully, whose phase is 1,024 below the highest. */
    private static final int PHASE = Integer.MAX_VALUE - 512;

    private final Infrastructure infrastructure;
    private final EventSchema schema;
    private final JdbcEventPublisher publisher;
    private final DeclaredSubscriptions declared;
    private final Channels channels;
    private final PgEventsSettings settings;
    private final Live live;
    private volatile @Nullable RunningBus bus;
    private @Nullable KeepAlive keepAlive;

    /**
     * What the bus works with.
     *
     * @param dataSource the pool, the same the transaction manager uses
     * @param transactionManager begins the handling transactions
     * @param dedicatedConnections opens the connection for LISTEN
     * @param executor runs handlers: a thread for each task, pooled or virtual; the bus bounds how many run
     */
    public record Infrastructure(
            DataSource dataSource,
            PlatformTransactionManager transactionManager,
            DedicatedConnections dedicatedConnections,
            Executor executor) {}

    /**
     * What is followed live.
     *
     * @param log reads it
     * @param broadcasts the handlers that every instance has
     * @param topics what else is written to the live log
     */
    public record Live(LiveLog log, DeclaredBroadcasts broadcasts, LiveTopics topics) {

        List<TopicPattern> allTopics() {
            return Stream.concat(
                            broadcasts.all().stream().flatMap(each -> each.topics().stream()), topics.topics().stream())
                    .distinct()
                    .toList();
        }
    }

    /** An instance on which nothing is declared to be live. */
    public PgEvents(
            Infrastructure infrastructure,
            EventSchema schema,
            JdbcEventPublisher publisher,
            DeclaredSubscriptions declared,
            Channels channels,
            PgEventsSettings settings) {
        this(
                infrastructure,
                schema,
                publisher,
                declared,
                channels,
                settings,
                new Live(
                        new LiveLog(infrastructure.dataSource(), schema, LiveLog.Settings.DEFAULT),
                        List::of,
                        List::of));
    }

    public PgEvents(
            Infrastructure infrastructure,
            EventSchema schema,
            JdbcEventPublisher publisher,
            DeclaredSubscriptions declared,
            Channels channels,
            PgEventsSettings settings,
            Live live) {
        this.infrastructure = infrastructure;
        this.schema = schema;
        this.publisher = publisher;
        this.declared = declared;
        this.channels = channels;
        this.settings = settings;
        this.live = live;
    }

    @Override
    public synchronized void start() {
        if (bus != null) {
            return;
        }
        List<Subscription> subscriptions = declared.all();
        SubscriptionRegistration registration =
                new SubscriptionRegistration(infrastructure.dataSource(), infrastructure.transactionManager(), schema);
        RunningBus started = new RunningBus(infrastructure, schema, publisher, subscriptions, channels, settings, live);
        try {
            started.start(registration);
        } catch (RuntimeException | Error ex) {
            // What runs already would go on without anybody who stops it.
            started.stop();
            throw ex;
        }
        bus = started;
        if (isToldOfEvents(subscriptions)) {
            keepAlive = KeepAlive.start();
        }
    }

    /** Otherwise the application only publishes, and ends when it has done so. */
    private boolean isToldOfEvents(List<Subscription> subscriptions) {
        return !subscriptions.isEmpty()
                || live.broadcasts().all().stream()
                        .anyMatch(each -> each.handler().keepsAlive())
                || channels.status().listeners() > 0;
    }

    @Override
    public synchronized void stop() {
        RunningBus running = bus;
        if (running != null) {
            try {
                running.stop();
                bus = null;
            } finally {
                letEnd();
            }
        }
    }

    private void letEnd() {
        KeepAlive started = keepAlive;
        if (started != null) {
            started.stop();
            keepAlive = null;
        }
    }

    @Override
    public boolean isRunning() {
        return bus != null;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
