package io.pgevents.runtime;

import io.pgevents.channel.Channels;
import io.pgevents.channel.WakeUpHub;
import io.pgevents.dispatch.Dispatcher;
import io.pgevents.jdbc.EarlyConnection;
import io.pgevents.live.LiveLog;
import io.pgevents.maintenance.Maintenance;
import io.pgevents.publish.JdbcEventPublisher;
import io.pgevents.schema.EventSchema;
import io.pgevents.subscription.Subscription;
import io.pgevents.subscription.SubscriptionRegistration;
import io.pgevents.subscription.TopicPattern;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The parts of a started bus, put together for one run. */
final class RunningBus {

    private static final Logger log = LoggerFactory.getLogger(PgEvents.class);
    private static final Duration RECOVERY = Duration.ofSeconds(10);
    /** How long a start waits for the listening connection, if somebody listens to channels. */
    private static final Duration LISTENING = Duration.ofSeconds(10);

    private static final String ADOPTION = "The adoption of waiting events";
    private static final Duration REGISTRATION = Duration.ofMinutes(1);
    private static final Duration PRUNING = Duration.ofSeconds(30);
    private static final Duration LIVE_PRUNING = Duration.ofMinutes(1);
    private static final Duration LAST_LIVE = Duration.ofSeconds(5);

    private final PgEventsSettings settings;
    private final JdbcEventPublisher publisher;
    private final List<Subscription> subscriptions;
    private final EarlyConnection connections;
    private final Dispatcher dispatcher;
    private final Maintenance maintenance;
    private final PgEvents.Live live;
    private final Executor executor;
    private final @Nullable WakeUpHub hub;
    private @Nullable LiveTopicRefresh liveTopics;

    RunningBus(
            PgEvents.Infrastructure infrastructure,
            EventSchema schema,
            JdbcEventPublisher publisher,
            List<Subscription> subscriptions,
            Channels channels,
            PgEventsSettings settings,
            PgEvents.Live live) {
        this.settings = settings;
        this.live = live;
        this.executor = infrastructure.executor();
        this.publisher = publisher;
        this.subscriptions = subscriptions;
        this.connections = new EarlyConnection(infrastructure.dedicatedConnections());
        this.dispatcher = newDispatcher(infrastructure, schema);
        this.maintenance = new Maintenance(infrastructure.dataSource(), schema, settings.retention());
        WakeUpHub.Settings hubSettings =
                new WakeUpHub.Settings(dispatcher.nodeId(), settings.nodeName(), settings.pollInterval());
        this.hub = settings.listen() ? new WakeUpHub(connections, schema, hubSettings, new Waker(), channels) : null;
    }

    private Dispatcher newDispatcher(PgEvents.Infrastructure infrastructure, EventSchema schema) {
        Dispatcher.Platform platform = new Dispatcher.Platform(
                infrastructure.dataSource(),
                infrastructure.transactionManager(),
                infrastructure.executor(),
                schema,
                publisher,
                settings.listen() ? connections.openEarly() : null);
        try {
            return new Dispatcher(platform, subscriptions, settings.dispatch());
        } catch (RuntimeException | Error ex) {
            connections.closeEarly();
            throw ex;
        }
    }

    void start(SubscriptionRegistration registration) {
        registration.register(dispatcher.nodeId(), subscriptions);
        registration.registerLive(live.allTopics());
        publisher.setListener(this::published);
        startLive(registration);
        if (hub == null) {
            dispatcher.start(new Dispatcher.Parking() {});
        } else {
            dispatcher.start(new HubParking(hub));
            hub.start();
            if (!hub.awaitListening(LISTENING)) {
                log.warn("The channels are not listened to yet; their listeners will be told of the gap");
            }
        }
        dispatcher.maintain(
                "The registration", REGISTRATION, () -> registration.refresh(dispatcher.nodeId(), subscriptions));
        dispatcher.maintainOnce(ADOPTION, () -> adopt(registration));
        // A transaction that had read the routes before this registration may commit at any time after it.
        dispatcher.maintain(ADOPTION, REGISTRATION, () -> {
            adopt(registration);
            registration.reportWaiting();
        });
        dispatcher.maintain("The recovery of leases", RECOVERY, maintenance::recoverLeases);
        dispatcher.maintain("The pruning", PRUNING, maintenance::prune);
        log.info(
                "Started with {} subscriptions in {} mode, poll interval {} ms: {}",
                subscriptions.size(),
                hub == null ? "polling" : "wake-up",
                settings.pollInterval().toMillis(),
                subscriptions.stream().map(Subscription::name).toList());
    }

    private void adopt(SubscriptionRegistration registration) {
        SubscriptionRegistration.Adopted adopted = registration.adoptWaiting(subscriptions);
        if (adopted.events() == 0) {
            return;
        }
        dispatcher.signalAll();
        if (adopted.more()) {
            // Not without a turn for what else is due.
            dispatcher.maintainOnce(ADOPTION, () -> adopt(registration));
        }
    }

    private void startLive(SubscriptionRegistration registration) {
        List<TopicPattern> topics = live.allTopics();
        LiveTopicRefresh refresh =
                new LiveTopicRefresh(dispatcher, () -> registration.registerLive(topics), live.log()::forgotten);
        live.log()
                .start(
                        new LiveLog.Run(hub, executor, settings.pollInterval(), !topics.isEmpty(), refresh::soon),
                        live.broadcasts().all());
        refresh.start();
        liveTopics = refresh;
        dispatcher.maintain("The pruning of the live log", LIVE_PRUNING, live.log()::prune);
    }

    private void published(String subscription, Duration dueIn) {
        if (isLive(subscription)) {
            live.log().committed();
        } else {
            dispatcher.signal(subscription, dueIn);
        }
    }

    private static boolean isLive(String subscription) {
        return subscription.equals(EventSchema.LIVE);
    }

    /** Stops in the order that loses and repeats the least; blocks until it is done. */
    void stop() {
        dispatcher.drain();
        if (hub != null) {
            hub.handOver();
        }
        boolean orderly = dispatcher.awaitEnd(settings.drainTimeout());
        if (!orderly) {
            log.warn(
                    "Handlers still run after {} ms; they are interrupted, and their events are handed back",
                    settings.drainTimeout().toMillis());
            orderly = dispatcher.abort();
        }
        stopLive();
        if (hub != null) {
            // Up to here the connection has proven that this instance is alive.
            hub.stop();
        }
        connections.closeEarly();
        try {
            dispatcher.stop(orderly);
        } catch (RuntimeException ex) {
            log.debug("The row of this instance stays behind; the next start is cautious", ex);
        }
        log.info("Stopped");
    }

    /** After the handlers, whose last events are broadcast as well. */
    private void stopLive() {
        if (!publisher.awaitBroadcasts(LAST_LIVE)) {
            log.warn("Some broadcasts are not written yet, and are lost if this process ends now");
        }
        publisher.setListener((subscription, dueIn) -> {});
        if (!live.log().stop(LAST_LIVE)) {
            log.warn("Broadcast handlers still run");
        }
    }

    /** Passes wake-ups on to the consumers. */
    private final class Waker implements WakeUpHub.WakeUpListener {

        private boolean wasConnected;

        @Override
        public void woken(String subscription, Duration dueIn) {
            if (isLive(subscription)) {
                live.log().notified();
            } else {
                dispatcher.notified(subscription, dueIn);
            }
        }

        @Override
        public void helpWanted(String subscription) {
            if (isLive(subscription)) {
                live.log().helpWanted();
            } else {
                dispatcher.signal(subscription, Duration.ZERO);
            }
        }

        @Override
        public void parked(String subscription) {
            if (isLive(subscription)) {
                live.log().parked();
            } else {
                dispatcher.signal(subscription, Duration.ZERO);
            }
        }

        @Override
        public void overlooked(String subscription) {
            if (isLive(subscription)) {
                live.log().overlooked();
            } else {
                dispatcher.overlooked(subscription);
            }
        }

        @Override
        public void connected() {
            dispatcher.signalAll();
            live.log().connected();
            LiveTopicRefresh refresh = liveTopics;
            if (wasConnected && refresh != null) {
                refresh.soon();
            }
            wasConnected = true;
        }
    }

    /**
     * Parks at the hub.
     *
     * @param hub closes and opens gates
     */
    private record HubParking(WakeUpHub hub) implements Dispatcher.Parking {

        @Override
        public void park(String subscription) {
            hub.park(subscription);
        }

        @Override
        public void unpark(String subscription) {
            hub.unpark(subscription);
        }

        @Override
        public void cryForHelp(String subscription) {
            hub.cryForHelp(List.of(subscription));
        }
    }
}
