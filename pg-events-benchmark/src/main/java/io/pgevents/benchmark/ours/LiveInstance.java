package io.pgevents.benchmark.ours;

import com.zaxxer.hikari.HikariDataSource;
import io.pgevents.benchmark.contestant.Effects;
import io.pgevents.benchmark.contestant.Payload;
import io.pgevents.benchmark.contestant.Target;
import io.pgevents.benchmark.measure.Clock;
import io.pgevents.channel.Channels;
import io.pgevents.codec.Jackson2EventCodec;
import io.pgevents.live.BroadcastSubscription;
import io.pgevents.live.LiveEvent;
import io.pgevents.live.LiveLog;
import io.pgevents.publish.JdbcEventPublisher;
import io.pgevents.publish.JdbcEventPublisher.PublishSettings;
import io.pgevents.runtime.PgEvents;
import io.pgevents.runtime.PgEventsSettings;
import io.pgevents.schema.EventSchema;
import io.pgevents.schema.SchemaInitializer;
import io.pgevents.schema.SchemaSettings;
import io.pgevents.subscription.TopicPattern;
import java.sql.DriverManager;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** One instance whose only handler is a broadcast handler: it decodes each payload and takes the time. */
public final class LiveInstance implements AutoCloseable {

    private static final String TOPIC = "live";

    private final HikariDataSource pool;
    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final Jackson2EventCodec codec = new Jackson2EventCodec();
    private final JdbcTemplate jdbc;
    private final TransactionTemplate transaction;
    private final JdbcEventPublisher publisher;
    private final PgEvents bus;
    private final long[] receivedAt;
    private final AtomicInteger received = new AtomicInteger();
    private final AtomicInteger missed = new AtomicInteger();

    /**
     * A running instance.
     *
     * @param connections the size of its pool
     * @param events the most events
     */
    public LiveInstance(Target target, int connections, int events) {
        this.receivedAt = new long[events];
        this.pool = target.pool(connections);
        EventSchema schema = new SchemaInitializer(pool, SchemaSettings.DEFAULT).initialize();
        JdbcTransactionManager manager = new JdbcTransactionManager(pool);
        this.jdbc = new JdbcTemplate(pool);
        this.transaction = new TransactionTemplate(manager);
        this.publisher = new JdbcEventPublisher(pool, schema, codec, PublishSettings.DEFAULT);
        BroadcastSubscription handler =
                new BroadcastSubscription("live", List.of(new TopicPattern(TOPIC)), new Receiver());
        this.bus = new PgEvents(
                new PgEvents.Infrastructure(
                        pool,
                        manager,
                        () -> DriverManager.getConnection(target.url(), target.user(), target.password()),
                        executor),
                schema,
                publisher,
                List::of,
                new Channels(executor, true),
                PgEventsSettings.DEFAULT,
                new PgEvents.Live(
                        new LiveLog(pool, schema, LiveLog.Settings.DEFAULT), () -> List.of(handler), List::of));
        bus.start();
    }

    /** A business transaction that writes one row, with or without a broadcast; returns when it sent its commit. */
    public long write(int number, boolean broadcast) {
        long[] committedAt = new long[1];
        transaction.executeWithoutResult(status -> {
            jdbc.update(Effects.INSERT, number);
            if (broadcast) {
                publisher.broadcast(TOPIC, Payload.of(number));
            }
            committedAt[0] = Clock.micros();
        });
        return committedAt[0];
    }

    /** How many events have been handled. */
    public int received() {
        return received.get();
    }

    /** How often events may have been missed. */
    public int missed() {
        return missed.get();
    }

    /** When the handler of an event started, in microseconds. */
    public long receivedAt(int number) {
        return receivedAt[number];
    }

    private final class Receiver implements BroadcastSubscription.Handler {

        @Override
        public void received(LiveEvent event) {
            long now = Clock.micros();
            Payload payload = (Payload) codec.read(event.payload(), Payload.class);
            if (payload.number() < receivedAt.length) {
                receivedAt[payload.number()] = now;
            }
            received.incrementAndGet();
        }

        @Override
        public void gap() {
            missed.incrementAndGet();
        }
    }

    @Override
    public void close() {
        bus.stop();
        executor.shutdownNow();
        pool.close();
    }
}
