package io.pgevents.runtime;

import io.pgevents.channel.WakeUpHub;
import io.pgevents.channel.WakeUpListener;
import io.pgevents.dispatch.Caution;
import io.pgevents.dispatch.Consumer;
import io.pgevents.dispatch.IdleWatch;
import io.pgevents.dispatch.Leases;
import io.pgevents.dispatch.Outage;
import io.pgevents.dispatch.Parking;
import io.pgevents.dispatch.Store;
import io.pgevents.maintenance.LeaseRecovery;
import io.pgevents.maintenance.NodeRegister;
import io.pgevents.maintenance.Pruning;
import io.pgevents.publish.JdbcEventPublisher;
import io.pgevents.queue.Claims;
import io.pgevents.queue.Lookout;
import io.pgevents.queue.Settlements;
import io.pgevents.schema.EventSchema;
import io.pgevents.subscription.Subscription;
import io.pgevents.subscription.SubscriptionRegistration;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** The parts of a started bus, put together for one run. */
final class RunningBus {

    private static final Logger log = LoggerFactory.getLogger(PgEvents.class);

    private final PgEventsSettings settings;
    private final JdbcEventPublisher publisher;
    private final List<Subscription> subscriptions;
    private final NodeRegister nodes;
    private final int nodeId;
    private final Outage outage = new Outage();
    private final Clockwork clockwork = new Clockwork(outage);
    private final Map<String, Consumer> consumers = new LinkedHashMap<>();
    private final @Nullable WakeUpHub hub;
    private final Leases leases;
    private final IdleWatch idleWatch;
    private final LeaseRecovery leaseRecovery;
    private final Pruning pruning;

    RunningBus(
            PgEvents.Infrastructure infrastructure,
            EventSchema schema,
            JdbcEventPublisher publisher,
            List<Subscription> subscriptions,
            PgEventsSettings settings) {
        DataSource dataSource = infrastructure.dataSource();
        this.settings = settings;
        this.publisher = publisher;
        this.subscriptions = subscriptions;
        this.nodes = new NodeRegister(dataSource, schema);
        this.nodeId = nodes.enter(settings.nodeName(), settings.listen());
        Settlements settlements =
                new Settlements(dataSource, schema, settings.retention().keepsDone());
        this.leases = new Leases(settlements, settings.nodeName() + "/" + UUID.randomUUID());
        this.hub = settings.listen()
                ? new WakeUpHub(
                        infrastructure.dedicatedConnections(),
                        schema,
                        new WakeUpHub.Settings(nodeId, settings.nodeName(), settings.pollInterval()),
                        new Waker())
                : null;
        TransactionTemplate transaction = new TransactionTemplate(infrastructure.transactionManager());
        transaction.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
        Consumer.Machinery machinery = new Consumer.Machinery(
                new Store(new Claims(dataSource, schema), settlements, publisher, transaction),
                leases,
                new Caution(nodes.lastSuspect(nodeId)),
                new Semaphore(settings.maxTransactions(), true),
                infrastructure.executor(),
                clockwork.signals(),
                new HubParking(),
                outage);
        subscriptions.forEach(each -> consumers.put(each.name(), new Consumer(each, machinery)));
        this.idleWatch = new IdleWatch(consumers, new Lookout(dataSource, schema), outage);
        this.leaseRecovery = new LeaseRecovery(dataSource, schema, subscriptions);
        this.pruning = new Pruning(dataSource, schema, settings.retention());
    }

    void start(SubscriptionRegistration registration) {
        publisher.setListener((subscription, dueIn) -> {
            Consumer consumer = consumers.get(subscription);
            if (consumer != null) {
                consumer.signalIn(dueIn);
            }
        });
        if (hub != null) {
            hub.start();
        }
        consumers.values().forEach(Consumer::signal);
        clockwork.once("The adoption of waiting events", () -> {
            if (registration.adoptWaiting(subscriptions) > 0) {
                consumers.values().forEach(Consumer::signalSweep);
            }
        });
        clockwork.once("The first poll", idleWatch::look);
        clockwork.watch("The poll", settings.pollInterval(), idleWatch::look);
        clockwork.watch("The recovery of leases", Duration.ofSeconds(5), leaseRecovery::run);
        clockwork.watch("The pruning", Duration.ofSeconds(30), pruning::run);
        clockwork.keep("The renewal of leases", Duration.ofMillis(250), leases::renewDue);
        log.info(
                "Started with {} subscriptions in {} mode, poll interval {}: {}",
                consumers.size(),
                hub == null ? "polling" : "wake-up",
                settings.pollInterval(),
                consumers.keySet());
    }

    /** Stops in the order that loses and repeats the least; blocks until it is done. */
    void stop() {
        publisher.setListener((subscription, dueIn) -> {});
        consumers.values().forEach(Consumer::drain);
        if (hub != null) {
            hub.stop();
        }
        boolean inTime = awaitConsumers(settings.drainTimeout());
        if (!inTime) {
            log.warn(
                    "Handlers still run after {}; they are interrupted, and their events are handed back",
                    settings.drainTimeout());
            consumers.values().forEach(Consumer::abort);
            inTime = awaitConsumers(Duration.ofSeconds(2));
        }
        clockwork.stop();
        if (inTime) {
            leave();
        }
        log.info("Stopped");
    }

    private boolean awaitConsumers(Duration atMost) {
        long deadline = System.nanoTime() + atMost.toNanos();
        boolean all = true;
        try {
            for (Consumer consumer : consumers.values()) {
                Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
                all &= consumer.awaitEnd(left);
            }
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
            return false;
        }
        return all;
    }

    private void leave() {
        try {
            nodes.leave(nodeId);
        } catch (RuntimeException ex) {
            log.debug("The row of this instance stays behind; the next start is cautious", ex);
        }
    }

    /** Passes wake-ups on to the consumers. */
    private final class Waker implements WakeUpListener {

        @Override
        public void woken(String subscription, Duration dueIn) {
            Consumer consumer = consumers.get(subscription);
            if (consumer != null) {
                consumer.notified(dueIn);
            }
        }

        @Override
        public void helpWanted(String subscription) {
            Consumer consumer = consumers.get(subscription);
            if (consumer != null) {
                consumer.signal();
            }
        }

        @Override
        public void parked(String subscription) {
            helpWanted(subscription);
        }

        @Override
        public void overlooked(String subscription) {
            Consumer consumer = consumers.get(subscription);
            if (consumer != null) {
                consumer.signalSweep();
            }
        }

        @Override
        public void connected() {
            consumers.values().forEach(Consumer::signalSweep);
        }
    }

    /** Parks at the hub, if there is one. */
    private final class HubParking implements Parking {

        private final AtomicBoolean lookingAhead = new AtomicBoolean();

        @Override
        public void park(String subscription) {
            if (hub != null) {
                hub.park(subscription);
            }
        }

        @Override
        public void lookAhead() {
            if (lookingAhead.compareAndSet(false, true)) {
                clockwork.once("The look ahead", () -> {
                    lookingAhead.set(false);
                    idleWatch.look();
                });
            }
        }

        @Override
        public void unpark(String subscription) {
            if (hub != null) {
                hub.unpark(subscription);
            }
        }

        @Override
        public void cryForHelp(String subscription) {
            if (hub != null) {
                hub.cryForHelp(List.of(subscription));
            }
        }
    }
}
