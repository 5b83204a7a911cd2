package io.pgevents.benchmark.ours;

import com.zaxxer.hikari.HikariDataSource;
import io.pgevents.OutgoingEvent;
import io.pgevents.benchmark.contestant.Contestant;
import io.pgevents.benchmark.contestant.Payload;
import io.pgevents.benchmark.contestant.Receipts;
import io.pgevents.benchmark.contestant.Target;
import io.pgevents.benchmark.measure.Clock;
import io.pgevents.channel.Channels;
import io.pgevents.codec.Jackson2EventCodec;
import io.pgevents.maintenance.Retention;
import io.pgevents.publish.JdbcEventPublisher;
import io.pgevents.publish.JdbcEventPublisher.PublishSettings;
import io.pgevents.retry.RetryPolicy;
import io.pgevents.runtime.PgEvents;
import io.pgevents.runtime.PgEventsSettings;
import io.pgevents.schema.EventSchema;
import io.pgevents.schema.SchemaInitializer;
import io.pgevents.schema.SchemaSettings;
import io.pgevents.subscription.Subscription;
import io.pgevents.subscription.SubscriptionRegistration;
import io.pgevents.subscription.SubscriptionSettings;
import io.pgevents.subscription.TopicPattern;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** One instance of pg-events as an application has it: a pool, a transaction manager, a thread pool, default settings. */
public final class PgEventsContestant implements Contestant {

    /** The topic of all events. */
    public static final String TOPIC = "benchmark";

    private final Variant variant;
    private final Target target;
    private final int workers;
    private final HikariDataSource pool;
    private final EventSchema schema;
    private final Jackson2EventCodec codec = new Jackson2EventCodec();
    private final JdbcTransactionManager transactionManager;
    private final TransactionTemplate transaction;
    private final JdbcEventPublisher publisher;
    private final ExecutorService executor = Executors.newCachedThreadPool();
    private @Nullable PgEvents bus;

    /**
     * Creates the tables and registers the subscriptions, so that what is published from now on has a consumer.
     *
     * @param workers the concurrency of each subscription, and of all together
     * @param connections the size of the pool
     */
    public PgEventsContestant(Variant variant, Target target, int workers, int connections) {
        this.variant = variant;
        this.target = target;
        this.workers = workers;
        this.pool = target.pool(connections);
        this.schema = new SchemaInitializer(pool, SchemaSettings.DEFAULT).initialize();
        this.transactionManager = new JdbcTransactionManager(pool);
        this.transaction = new TransactionTemplate(transactionManager);
        this.publisher = new JdbcEventPublisher(pool, schema, codec, PublishSettings.DEFAULT);
        new SubscriptionRegistration(pool, transactionManager, schema).register(subscriptions(number -> {}));
    }

    /** Makes instances of a variant. */
    public static Contestant.Factory factory(Variant variant) {
        return (target, workers) -> new PgEventsContestant(variant, target, workers, workers + 4);
    }

    @Override
    public String tuning() {
        return variant.describe(workers);
    }

    @Override
    public void publish(int first, int count) {
        List<OutgoingEvent> events =
                IntStream.range(first, first + count).mapToObj(this::event).toList();
        transaction.executeWithoutResult(status -> publisher.publishAll(events));
    }

    @Override
    public long publishTimed(int number) {
        CommitTime time = new CommitTime();
        transaction.executeWithoutResult(status -> {
            TransactionSynchronizationManager.registerSynchronization(time);
            publisher.publish(event(number));
        });
        return time.sent;
    }

    private OutgoingEvent event(int number) {
        return OutgoingEvent.of(TOPIC, Payload.of(number))
                .withKey(variant.keys().apply(number));
    }

    /** Takes the time before the commit. */
    private static final class CommitTime implements TransactionSynchronization {
        private long sent;

        @Override
        public void beforeCompletion() {
            sent = Clock.micros();
        }
    }

    @Override
    public void consume(Receipts receipts) {
        PgEvents started = new PgEvents(
                new PgEvents.Infrastructure(
                        pool,
                        transactionManager,
                        () -> DriverManager.getConnection(target.url(), target.user(), target.password()),
                        executor),
                schema,
                publisher,
                () -> subscriptions(receipts),
                new Channels(executor, true),
                settings());
        started.start();
        bus = started;
    }

    private PgEventsSettings settings() {
        PgEventsSettings defaults = PgEventsSettings.DEFAULT;
        return new PgEventsSettings(
                "benchmark",
                true,
                defaults.pollInterval(),
                workers,
                defaults.drainTimeout(),
                new Retention(variant.retention(), null));
    }

    private List<Subscription> subscriptions(Receipts receipts) {
        SubscriptionSettings settings = new SubscriptionSettings(
                variant.mode(), variant.order(), workers, 100, Duration.ofSeconds(30), null, RetryPolicy.DEFAULT);
        return IntStream.range(0, variant.subscriptions())
                .mapToObj(number -> new Subscription(
                        "benchmark-" + number,
                        List.of(new TopicPattern(TOPIC)),
                        new PayloadHandler(variant, number, pool, codec, receipts),
                        settings))
                .toList();
    }

    @Override
    public void close() {
        if (bus != null) {
            bus.stop();
        }
        executor.shutdownNow();
        pool.close();
    }
}
