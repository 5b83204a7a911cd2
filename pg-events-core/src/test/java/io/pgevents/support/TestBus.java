package io.pgevents.support;

import com.zaxxer.hikari.HikariDataSource;
import io.pgevents.OutgoingEvent;
import io.pgevents.channel.Channels;
import io.pgevents.codec.Jackson2EventCodec;
import io.pgevents.live.BroadcastSubscription;
import io.pgevents.live.LiveLog;
import io.pgevents.maintenance.Retention;
import io.pgevents.publish.JdbcEventPublisher;
import io.pgevents.publish.JdbcEventPublisher.PublishSettings;
import io.pgevents.retry.RetryPolicy;
import io.pgevents.retry.RetryPolicy.Backoff;
import io.pgevents.runtime.PgEvents;
import io.pgevents.runtime.PgEventsSettings;
import io.pgevents.schema.EventSchema;
import io.pgevents.schema.SchemaInitializer;
import io.pgevents.schema.SchemaSettings;
import io.pgevents.subscription.EventHandler;
import io.pgevents.subscription.EventHandler.RawEvent;
import io.pgevents.subscription.Subscription;
import io.pgevents.subscription.SubscriptionSettings;
import io.pgevents.subscription.TopicPattern;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** One instance of the bus on a test database, as an application would have it. */
public final class TestBus implements AutoCloseable {

    /** Retries after 50 ms, three attempts. */
    public static final RetryPolicy QUICK_RETRY =
            new RetryPolicy(3, new Backoff(Duration.ofMillis(50), 1, Duration.ofMillis(50), 0), Set.of(), Set.of());

    private final HikariDataSource pool;
    private final EventSchema schema;
    private final JdbcTransactionManager transactionManager;
    private final JdbcEventPublisher publisher;
    private final List<Subscription> subscriptions = new ArrayList<>();
    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final Channels channels = new Channels(executor, true);
    private final String url;
    private PgEventsSettings settings = new PgEventsSettings(
            "test", true, Duration.ofMillis(500), 10, Duration.ofSeconds(5), new Retention(Duration.ofHours(1), null));
    private final List<BroadcastSubscription> broadcasts = new ArrayList<>();
    private final List<TopicPattern> liveTopics = new ArrayList<>();
    private final LiveLog live;
    private @Nullable PgEvents bus;

    /** What a handler of a test does with one event. */
    public interface Body {
        List<OutgoingEvent> handle(RawEvent event) throws Exception;
    }

    public TestBus(String url) {
        this(url, SchemaSettings.DEFAULT);
    }

    public TestBus(String url, SchemaSettings schemaSettings) {
        this(url, schemaSettings, LiveLog.Settings.DEFAULT);
    }

    public TestBus(String url, SchemaSettings schemaSettings, LiveLog.Settings liveSettings) {
        this(url, TestPostgres.pool(url, 20), schemaSettings, liveSettings);
    }

    /** With a pool whose connections have auto-commit off: what a test does itself has to be in a transaction. */
    public static TestBus withoutAutoCommit(String url, LiveLog.Settings liveSettings) {
        return new TestBus(url, TestPostgres.pool(url, 20, false), SchemaSettings.DEFAULT, liveSettings);
    }

    private TestBus(String url, HikariDataSource pool, SchemaSettings schemaSettings, LiveLog.Settings liveSettings) {
        this.url = url;
        this.pool = pool;
        this.schema = new SchemaInitializer(pool, schemaSettings).initialize();
        this.transactionManager = new JdbcTransactionManager(pool);
        this.publisher = new JdbcEventPublisher(pool, schema, new Jackson2EventCodec(), PublishSettings.DEFAULT);
        this.live = new LiveLog(pool, schema, liveSettings);
    }

    public TestBus settings(UnaryOperator<PgEventsSettings> change) {
        settings = change.apply(settings);
        return this;
    }

    public TestBus subscribe(String name, String topic, SubscriptionSettings how, Body body) {
        return subscribe(name, topic, how, new EventHandler<RawEvent>() {
            @Override
            public RawEvent convert(RawEvent event) {
                return event;
            }

            @Override
            public List<OutgoingEvent> handle(List<RawEvent> events) throws Exception {
                return body.handle(events.get(0));
            }

            @Override
            public boolean isBatch() {
                return false;
            }

            @Override
            public @Nullable Set<String> knownTypes() {
                return null;
            }
        });
    }

    public TestBus subscribe(String name, String topic, SubscriptionSettings how, EventHandler<?> handler) {
        subscriptions.add(new Subscription(name, List.of(new TopicPattern(topic)), handler, how));
        return this;
    }

    /** With a handler for broadcasts. */
    public TestBus broadcastTo(String name, String topic, BroadcastSubscription.Handler handler) {
        broadcasts.add(new BroadcastSubscription(name, List.of(new TopicPattern(topic)), handler));
        return this;
    }

    /** With topics that are written to the live log. */
    public TestBus live(String... topics) {
        Stream.of(topics).map(TopicPattern::new).forEach(liveTopics::add);
        return this;
    }

    public TestBus start() {
        bus = new PgEvents(
                new PgEvents.Infrastructure(pool, transactionManager, TestPostgres.dedicated(url), executor),
                schema,
                publisher,
                () -> List.copyOf(subscriptions),
                channels,
                settings,
                new PgEvents.Live(live, () -> List.copyOf(broadcasts), () -> List.copyOf(liveTopics)));
        bus.start();
        return this;
    }

    public void stop() {
        if (bus != null) {
            bus.stop();
        }
    }

    public JdbcEventPublisher publisher() {
        return publisher;
    }

    public Channels channels() {
        return channels;
    }

    public LiveLog feed() {
        return live;
    }

    public JdbcTemplate jdbc() {
        return new JdbcTemplate(pool);
    }

    public TransactionTemplate transaction() {
        return new TransactionTemplate(transactionManager);
    }

    public EventSchema schema() {
        return schema;
    }

    public HikariDataSource pool() {
        return pool;
    }

    public long count(String status) {
        Long count = jdbc().queryForObject(
                        "SELECT count(*) FROM " + schema.quoted() + ".event_queue WHERE status = ?",
                        Long.class,
                        status);
        return count == null ? 0 : count;
    }

    @Override
    public void close() {
        stop();
        executor.shutdownNow();
        pool.close();
    }
}
