package io.pgevents.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pgevents.OutgoingEvent;
import io.pgevents.subscription.EventHandler;
import io.pgevents.subscription.EventHandler.RawEvent;
import io.pgevents.subscription.SubscriptionSettings;
import io.pgevents.subscription.SubscriptionSettings.Mode;
import io.pgevents.subscription.SubscriptionSettings.Order;
import io.pgevents.support.TestBus;
import io.pgevents.support.TestPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Ordered subscriptions with very many events of one key, and very many keys. */
@Timeout(90)
class HotKeyIntegrationTests {

    private final String url = TestPostgres.newDatabaseUrl();

    private static SubscriptionSettings ordered() {
        return new SubscriptionSettings(
                Mode.TRANSACTIONAL, Order.KEY, 2, 50, Duration.ofSeconds(30), null, TestBus.QUICK_RETRY);
    }

    private static void insert(TestBus bus, int events, String key) {
        bus.jdbc()
                .update(
                        "INSERT INTO event_queue (topic, payload, ordering_key)" + " SELECT 't', to_jsonb(n), " + key
                                + " FROM generate_series(1, ?) n",
                        events);
    }

    private static long buffers(TestBus bus) {
        bus.jdbc().query("SELECT pg_stat_force_next_flush()", row -> {});
        return Effects.number(
                bus, "SELECT idx_blks_hit + idx_blks_read FROM pg_statio_user_tables WHERE relname = 'event_queue'");
    }

    @Test
    void eventsFromBeforeASubscriptionWasOrderedAreHandledOneAtATimeAndInOrder() {
        AtomicInteger side = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Queue<String> seen = new ConcurrentLinkedQueue<>();
        try (TestBus bus = new TestBus(url).subscribe("s", "t", SubscriptionSettings.DEFAULT, event -> List.of())) {
            bus.start();
            bus.stop();
            insert(bus, 3000, "NULL");
        }
        try (TestBus bus = new TestBus(url).subscribe("s", "t", ordered(), event -> {
            most.accumulateAndGet(side.incrementAndGet(), Math::max);
            seen.add(event.payload());
            side.decrementAndGet();
            return List.of();
        })) {
            bus.start();
            await().atMost(Duration.ofSeconds(30)).until(() -> bus.count("done") == 3000);
            assertThat(most).hasValue(1);
            assertThat(seen)
                    .containsExactlyElementsOf(IntStream.rangeClosed(1, 3000)
                            .mapToObj(String::valueOf)
                            .toList());
        }
    }

    @Test
    void aHundredThousandEventsOfOneKeyDoNotStallOtherKeys() {
        CountDownLatch hotKey = new CountDownLatch(1);
        try (TestBus bus = new TestBus(url).subscribe("s", "t", ordered(), event -> {
            if ("hot".equals(event.metadata().key())) {
                hotKey.await();
            }
            return List.of();
        })) {
            bus.start();
            bus.stop();
            insert(bus, 100_000, "'hot'");
            insert(bus, 1000, "'k' || n % 100");
            bus.jdbc().execute("ANALYZE event_queue");
            bus.start();
            await().atMost(Duration.ofSeconds(30)).until(() -> bus.count("done") == 1000);
            long before = buffers(bus);
            for (int i = 0; i < 50; i++) {
                int expected = 1001 + i;
                bus.publisher().publish(OutgoingEvent.of("t", i).withKey("k" + i));
                await().atMost(Duration.ofSeconds(20)).until(() -> bus.count("done") == expected);
            }
            // Walking the backlog once for each of them would take 50 times some hundred blocks, and the index of it.
            assertThat(buffers(bus) - before).isLessThan(60_000);
            hotKey.countDown();
        }
    }

    @Test
    void moreKeysThanFitIntoMemoryAreAllHandledWithoutWaitingForPolls() {
        TestBus minute = new TestBus(url)
                .settings(s -> new PgEventsSettings(
                        s.nodeName(), true, Duration.ofMinutes(1), 10, s.drainTimeout(), s.retention()));
        try (TestBus bus = minute.subscribe("s", "t", ordered(), event -> List.of())) {
            bus.start();
            bus.stop();
            insert(bus, 30_000, "'k' || n");
            bus.jdbc().execute("ANALYZE event_queue");
            bus.start();
            await().atMost(Duration.ofSeconds(40)).until(() -> bus.count("done") == 30_000);
        }
    }

    @Test
    void aLateEventOfAKeyNeverRunsBesideALaterOne() throws SQLException, InterruptedException {
        CountDownLatch inHandler = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        ConcurrentLinkedQueue<String> order = new ConcurrentLinkedQueue<>();
        try (TestBus bus = new TestBus(url).subscribe("s", "t", ordered(), event -> {
                    order.add("begin " + event.payload());
                    if (event.payload().equals("2")) {
                        inHandler.countDown();
                        go.await();
                    }
                    order.add("end " + event.payload());
                    return List.of();
                });
                Connection late = DriverManager.getConnection(url, "postgres", "postgres");
                Statement statement = late.createStatement()) {
            bus.start();
            late.setAutoCommit(false);
            statement.execute("INSERT INTO event_queue (topic, payload, ordering_key) VALUES ('t', '1', 'k')");
            bus.publisher().publish(OutgoingEvent.of("t", 2).withKey("k"));
            inHandler.await();
            late.commit();
            bus.publisher().publish(OutgoingEvent.of("t", 3).withKey("other"));
            await().atMost(Duration.ofSeconds(20)).until(() -> order.contains("end 3"));
            await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
            assertThat(order).doesNotContain("begin 1");
            go.countDown();
            await().atMost(Duration.ofSeconds(20)).until(() -> bus.count("done") == 3);
            assertThat(order).containsSubsequence("begin 2", "end 2", "begin 1", "end 1");
        }
    }

    @Test
    void anEventOfAnUnknownTypeHoldsItsKeyForNewerInstances() {
        ConcurrentLinkedQueue<String> seen = new ConcurrentLinkedQueue<>();
        try (TestBus bus = new TestBus(url).subscribe("s", "t", ordered(), new KnownOnly(seen))) {
            bus.start();
            bus.publisher().publish(OutgoingEvent.of("t", 1).withKey("k").withType("known"));
            bus.publisher().publish(OutgoingEvent.of("t", 2).withKey("k").withType("new"));
            bus.publisher().publish(OutgoingEvent.of("t", 3).withKey("k").withType("known"));
            bus.publisher().publish(OutgoingEvent.of("t", 4).withKey("other").withType("known"));
            await().atMost(Duration.ofSeconds(20)).until(() -> bus.count("done") == 2);
            await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
            assertThat(seen).containsExactlyInAnyOrder("1", "4");
            assertThat(Effects.number(bus, "SELECT max(attempt_count) FROM event_queue WHERE status = 'pending'"))
                    .isZero();
        }
    }

    /** A handler of an older version. */
    private record KnownOnly(ConcurrentLinkedQueue<String> seen) implements EventHandler<RawEvent> {

        @Override
        public RawEvent convert(RawEvent event) {
            return event;
        }

        @Override
        public List<OutgoingEvent> handle(List<RawEvent> events) {
            seen.add(events.get(0).payload());
            return List.of();
        }

        @Override
        public boolean isBatch() {
            return false;
        }

        @Override
        public @Nullable Set<String> knownTypes() {
            return Set.of("known");
        }
    }

    /** A handler whose class of one event is gone. */
    private record Broken() implements EventHandler<RawEvent> {

        @Override
        public RawEvent convert(RawEvent event) {
            if (event.payload().equals("7")) {
                throw new NoClassDefFoundError("gone");
            }
            return event;
        }

        @Override
        public List<OutgoingEvent> handle(List<RawEvent> events) {
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

    @Test
    void eventsThatCannotBeConvertedByAnErrorOfTheirClassesDoNotHoldUpOthers() {
        try (TestBus bus = new TestBus(url)
                .subscribe(
                        "s",
                        "t",
                        new SubscriptionSettings(
                                Mode.TRANSACTIONAL,
                                Order.NONE,
                                2,
                                50,
                                Duration.ofSeconds(30),
                                null,
                                TestBus.QUICK_RETRY),
                        new Broken())) {
            bus.start();
            bus.publisher()
                    .publishAll(IntStream.range(0, 20)
                            .mapToObj(n -> OutgoingEvent.of("t", n))
                            .toList());
            await().atMost(Duration.ofSeconds(30)).until(() -> bus.count("done") == 19 && bus.count("failed") == 1);
        }
    }

    @Test
    void absurdForeignEventsDoNotStopASubscription() {
        try (TestBus bus = new TestBus(url).subscribe("s", "t", ordered(), event -> List.of())) {
            bus.start();
            for (String column : List.of("process_at", "created_at")) {
                assertThatThrownBy(() -> bus.jdbc()
                                .update("INSERT INTO event_queue (topic, payload, " + column
                                        + ") VALUES ('t', '1', '-infinity')"))
                        .hasMessageContaining("must be finite");
            }
            bus.jdbc()
                    .update("INSERT INTO event_queue (topic, payload, headers) SELECT 't', '1',"
                            + " ('{\"n\": 1' || repeat('0', 5000) || ', \"deep\": ' || repeat('[', 3000)"
                            + " || repeat(']', 3000) || '}')::jsonb");
            bus.publisher().publish("t", 1);
            await().atMost(Duration.ofSeconds(20)).until(() -> bus.count("done") == 2);
        }
    }
}
