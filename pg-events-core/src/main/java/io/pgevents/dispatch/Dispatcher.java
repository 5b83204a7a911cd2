package io.pgevents.dispatch;

import io.pgevents.jdbc.CommittedJdbc;
import io.pgevents.publish.JdbcEventPublisher;
import io.pgevents.queue.Claims;
import io.pgevents.queue.Lookout;
import io.pgevents.queue.Settlements;
import io.pgevents.retry.Outage;
import io.pgevents.schema.EventSchema;
import io.pgevents.subscription.Subscription;
import java.sql.Connection;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The door of the dispatch: the consumers of one instance, what they share, and the threads that handle no event.
 * Thread-safe; for one start and one stop. The package documentation has the protocol.
 */
public final class Dispatcher {

    private static final Duration RENEWAL = Duration.ofMillis(250);
    private static final Duration AFTER_ABORT = Duration.ofSeconds(2);

    private final Settings settings;
    private final NodeRegister nodes;
    private final int nodeId;
    private final Outage outage = new Outage();
    private final Clockwork clockwork = new Clockwork(outage);
    private final Leases leases;
    private final IdleWatch idleWatch;
    private final Map<String, SubscriptionConsumer> consumers = new LinkedHashMap<>();
    private volatile Parking parking = new Parking() {};

    /**
     * What events are handled with.
     *
     * @param dataSource the pool, the same the transaction manager uses
     * @param transactionManager begins the handling transactions
     * @param executor runs handlers
     * @param schema holds the tables
     * @param publisher inserts next steps
     * @param listening the connection that will listen, which proves that this instance is alive; null if it is not
     *     there yet or never will be
     */
    public record Platform(
            DataSource dataSource,
            PlatformTransactionManager transactionManager,
            Executor executor,
            EventSchema schema,
            JdbcEventPublisher publisher,
            @Nullable Connection listening) {}

    /**
     * How the dispatch runs.
     *
     * @param nodeName what operators call this instance
     * @param listens whether this instance will prove on a listening connection that it is alive
     * @param pollInterval how often idle subscriptions are looked after
     * @param maxTransactions the handling transactions at the same time
     * @param keepDone whether handled events are kept
     */
    public record Settings(
            String nodeName, boolean listens, Duration pollInterval, int maxTransactions, boolean keepDone) {}

    /** Where a consumer that has nothing to do goes to sleep. By default it simply rests until the next poll. */
    public interface Parking {

        /** Nothing to do: notify me. */
        default void park(String subscription) {}

        /** Scheduled events were due: find out when the next ones are. */
        default void lookAhead() {}

        /** Busy: notify nobody. */
        default void unpark(String subscription) {}

        /** More to do than this instance can take. */
        default void cryForHelp(String subscription) {}
    }

    public Dispatcher(Platform platform, List<Subscription> subscriptions, Settings settings) {
        this.settings = settings;
        DataSource dataSource = platform.dataSource();
        EventSchema schema = platform.schema();
        this.nodes = new NodeRegister(dataSource, schema);
        this.nodeId = nodes.enter(settings.nodeName(), settings.listens(), platform.listening());
        Settlements settlements = new Settlements(dataSource, schema, settings.keepDone());
        this.leases = new Leases(settlements::renew, settings.nodeName() + "/" + UUID.randomUUID());
        Store store =
                new Store(new Claims(dataSource, schema), settlements, platform.publisher(), newTransactions(platform));
        SubscriptionConsumer.Machinery machinery = new SubscriptionConsumer.Machinery(
                store,
                store.claims().now(),
                leases,
                new Caution(nodes.lastSuspect(nodeId)),
                new Semaphore(settings.maxTransactions(), true),
                platform.executor(),
                clockwork.signals(),
                new CurrentParking(),
                outage);
        subscriptions.forEach(each -> consumers.put(each.name(), new SubscriptionConsumer(each, machinery)));
        this.idleWatch = new IdleWatch(consumers, new Lookout(dataSource, schema));
    }

    /** At another level a claim fails where it should skip. It is only set where needed: that costs a statement. */
    private static TransactionTemplate newTransactions(Platform platform) {
        TransactionTemplate transaction = new QuietTransactionTemplate(platform.transactionManager());
        transaction.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
        JdbcTemplate jdbc = CommittedJdbc.joining(platform.dataSource());
        String level = transaction.execute(
                status -> Objects.requireNonNull(jdbc.queryForObject("SHOW transaction_isolation", String.class)));
        if (!"read committed".equals(level)) {
            transaction.setIsolationLevel(TransactionDefinition.ISOLATION_READ_COMMITTED);
        }
        return transaction;
    }

    /** The id of this instance, which its listening connection proves to be alive. */
    public int nodeId() {
        return nodeId;
    }

    /** Begins to look for events. */
    public void start(Parking where) {
        parking = where;
        consumers.values().forEach(SubscriptionConsumer::signal);
        clockwork.lookOnce("The first poll", idleWatch::look);
        clockwork.watch("The poll", settings.pollInterval(), idleWatch::look);
        clockwork.keep("The renewal of leases", RENEWAL, leases::renewDue);
    }

    /** Runs a task of the maintenance now and then, on a thread of its own. */
    public void maintain(String what, Duration every, Runnable task) {
        clockwork.maintain(what, every, task);
    }

    /** Runs a task of the maintenance once. */
    public void maintainOnce(String what, Runnable task) {
        clockwork.maintainOnce(what, task);
    }

    /** This process has published events of a subscription, or another instance wants help with it. */
    public void signal(String subscription, Duration dueIn) {
        tell(subscription, consumer -> consumer.signalIn(dueIn));
    }

    /** A notification has come for a parked subscription. */
    public void notified(String subscription, Duration dueIn) {
        tell(subscription, consumer -> consumer.notified(dueIn));
    }

    /** Events of a subscription may have been committed some time after their due time. */
    public void overlooked(String subscription) {
        tell(subscription, SubscriptionConsumer::signalSweep);
    }

    /** Notifications may have been missed. */
    public void signalAll() {
        consumers.values().forEach(SubscriptionConsumer::signalSweep);
    }

    private void tell(String subscription, Consumer<SubscriptionConsumer> what) {
        SubscriptionConsumer consumer = consumers.get(subscription);
        if (consumer != null) {
            what.accept(consumer);
        }
    }

    /** Begins no further event. */
    public void drain() {
        consumers.values().forEach(SubscriptionConsumer::drain);
    }

    /** Waits for running handlers after {@link #drain()}; false if some still run. */
    public boolean awaitEnd(Duration atMost) {
        long deadline = System.nanoTime() + atMost.toNanos();
        boolean all = true;
        try {
            for (SubscriptionConsumer consumer : consumers.values()) {
                all &= consumer.awaitEnd(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
            }
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
            return false;
        }
        return all;
    }

    /** Interrupts handlers that still run, for which nothing counts any more, and waits for a moment. */
    public boolean abort() {
        consumers.values().forEach(SubscriptionConsumer::abort);
        return awaitEnd(AFTER_ABORT);
    }

    /**
     * Ends the threads.
     *
     * @param orderly whether all handlers have ended; if not, the row of this instance stays as the trace of a crash
     */
    public void stop(boolean orderly) {
        clockwork.stop();
        if (orderly) {
            nodes.leave(nodeId);
        }
    }

    /** Consumers are made before it is known where they park. */
    private final class CurrentParking implements Parking {

        private final AtomicBoolean lookingAhead = new AtomicBoolean();

        @Override
        public void park(String subscription) {
            parking.park(subscription);
        }

        @Override
        public void lookAhead() {
            if (lookingAhead.compareAndSet(false, true)) {
                clockwork.lookOnce("The look ahead", () -> {
                    lookingAhead.set(false);
                    idleWatch.look();
                });
            }
        }

        @Override
        public void unpark(String subscription) {
            parking.unpark(subscription);
        }

        @Override
        public void cryForHelp(String subscription) {
            parking.cryForHelp(subscription);
        }
    }
}
