package io.pgevents.runtime;

import static org.awaitility.Awaitility.await;

import io.pgevents.OutgoingEvent;
import io.pgevents.channel.Channels;
import io.pgevents.maintenance.Retention;
import io.pgevents.subscription.EventHandler;
import io.pgevents.subscription.EventHandler.RawEvent;
import io.pgevents.subscription.Subscription;
import io.pgevents.subscription.SubscriptionRegistration;
import io.pgevents.subscription.SubscriptionSettings;
import io.pgevents.subscription.TopicPattern;
import io.pgevents.support.TestBus;
import io.pgevents.support.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** Of events that one transaction schedules for later only the first is told; the others are looked for when it is due. */
@Timeout(90)
class LookAheadIntegrationTests {

    private static final Duration BEFORE_THE_POLL = Duration.ofSeconds(20);

    private static final String START = "\"start\"";
    private static final String BUSY = "\"busy\"";
    private static final String GATES = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"
            + " AND classid = 'event_queue'::regclass::oid AND mode = 'ExclusiveLock'";

    private final String url = TestPostgres.newDatabaseUrl();
    private final TestBus bus = new TestBus(url);
    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final Semaphore looks = new Semaphore(0);
    private final AtomicInteger looking = new AtomicInteger();
    private final Set<String> begun = ConcurrentHashMap.newKeySet();
    private final CountDownLatch start = new CountDownLatch(1);
    private final CountDownLatch busy = new CountDownLatch(1);

    /** The look comes while the worker handles something else, and passes the subscription. */
    @Test
    void whatIsDueLaterIsNotForgottenIfTheConsumerIsBusyWhenItIsLookedFor() {
        PgEvents instance = instanceWithSlowLooks();
        try {
            await().until(() -> begun.contains(START));
            bus.publisher().publish(OutgoingEvent.of("other", 0).withDelay(Duration.ofMillis(100)));
            await().until(() -> looking.get() == 1);
            start.countDown();
            await().until(() -> Effects.number(bus, GATES) == 2);
            bus.jdbc()
                    .update("INSERT INTO event_queue (topic, payload, process_at)"
                            + " SELECT 't', to_jsonb(n), clock_timestamp() + n * interval '1 s'"
                            + " FROM unnest('{1, 9}'::int[]) n");
            await().until(() -> bus.count("done") == 3);
            bus.publisher().publish("t", "busy");
            await().until(() -> begun.contains(BUSY));
            looks.release(1000);
            await().until(() -> looking.get() == 2);
            busy.countDown();
            await().atMost(BEFORE_THE_POLL).until(() -> begun.contains("9"));
        } finally {
            looks.release(1000);
            start.countDown();
            busy.countDown();
            instance.stop();
        }
    }

    private PgEvents instanceWithSlowLooks() {
        new SubscriptionRegistration(bus.pool(), new JdbcTransactionManager(bus.pool()), bus.schema())
                .register(List.of(subscription("s", "t")));
        bus.publisher().publish("t", "start");
        DataSource slow = slowLooks();
        PgEvents instance = new PgEvents(
                new PgEvents.Infrastructure(
                        slow, new JdbcTransactionManager(slow), TestPostgres.dedicated(url), executor),
                bus.schema(),
                bus.publisher(),
                () -> List.of(subscription("s", "t"), subscription("other", "other")),
                new Channels(executor, true),
                new PgEventsSettings("one", true, Duration.ofMinutes(1), 5, Duration.ofSeconds(5), Retention.DEFAULT));
        instance.start();
        return instance;
    }

    @AfterEach
    void close() {
        executor.shutdownNow();
        bus.close();
    }

    private Subscription subscription(String name, String topic) {
        return new Subscription(name, List.of(new TopicPattern(topic)), new Busy(), SubscriptionSettings.DEFAULT);
    }

    private DataSource slowLooks() {
        return new DelegatingDataSource(bus.pool()) {
            @Override
            public Connection getConnection() throws SQLException {
                if (Thread.currentThread().getName().equals("pg-events-watch")) {
                    looking.incrementAndGet();
                    looks.acquireUninterruptibly();
                }
                return super.getConnection();
            }
        };
    }

    private final class Busy implements EventHandler<RawEvent> {

        @Override
        public RawEvent convert(RawEvent event) {
            return event;
        }

        @Override
        public List<OutgoingEvent> handle(List<RawEvent> events) throws Exception {
            String payload = events.get(0).payload();
            begun.add(payload);
            if (payload.equals(START)) {
                start.await();
            } else if (payload.equals(BUSY)) {
                busy.await();
            }
            return List.of();
        }

        @Override
        public boolean isBatch() {
            return false;
        }

        @Override
        public @Nullable Set<String> knownTypes() {
            return null;
        }
    }
}
