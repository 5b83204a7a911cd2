package io.pgevents.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pgevents.OutgoingEvent;
import io.pgevents.subscription.EventHandler;
import io.pgevents.subscription.EventHandler.RawEvent;
import io.pgevents.subscription.SubscriptionSettings;
import io.pgevents.subscription.SubscriptionSettings.Mode;
import io.pgevents.subscription.SubscriptionSettings.Order;
import io.pgevents.support.TestBus;
import io.pgevents.support.TestPostgres;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One event of a key at a time also under leases, which free the key after the claim. */
class LeasedKeyIntegrationTests {

    private final TestBus bus = new TestBus(TestPostgres.newDatabaseUrl());
    private final Queue<String> begun = new ConcurrentLinkedQueue<>();
    private final CountDownLatch release = new CountDownLatch(1);

    @AfterEach
    void close() {
        release.countDown();
        bus.close();
    }

    @Test
    void anEarlierEventThatBecomesDueWaitsForTheOneInProcess() {
        SubscriptionSettings leased = new SubscriptionSettings(
                Mode.LEASED, Order.KEY, 2, 10, Duration.ofSeconds(30), null, TestBus.QUICK_RETRY);
        bus.subscribe("s", "a", leased, event -> {
                    begun.add(event.payload());
                    if (event.payload().equals("2")) {
                        release.await(20, TimeUnit.SECONDS);
                    }
                    return List.of();
                })
                .start();
        bus.jdbc()
                .update("INSERT INTO event_queue (topic, payload, ordering_key, process_at)"
                        + " VALUES ('a', '1', 'k', clock_timestamp() + interval '500 milliseconds'),"
                        + " ('a', '2', 'k', clock_timestamp())");
        await().atMost(Duration.ofSeconds(30)).until(() -> begun.contains("2"));
        // Long enough for the timer, the poll and a sweep to find the first event.
        await().during(Duration.ofSeconds(2)).atMost(Duration.ofSeconds(20)).until(() -> begun.size() == 1);
        release.countDown();
        await().atMost(Duration.ofSeconds(30)).until(() -> bus.count("done") == 2);
        assertThat(begun).containsExactly("2", "1");
    }

    @Test
    void anEventWhoseConversionFailsHoldsUpItsKeyInABatch() {
        SubscriptionSettings leased = new SubscriptionSettings(
                Mode.LEASED, Order.KEY, 1, 10, Duration.ofSeconds(30), null, TestBus.QUICK_RETRY);
        bus.jdbc()
                .update("INSERT INTO event_queue (topic, payload, subscription, ordering_key)"
                        + " VALUES ('a', '1', 's', 'k'), ('a', '2', 's', 'k'), ('a', '3', 's', 'other')");
        bus.subscribe("s", "a", leased, new FailingConversion(begun)).start();
        await().atMost(Duration.ofSeconds(30)).until(() -> bus.count("done") == 3);
        assertThat(begun).containsExactlyInAnyOrder("1", "2", "3").containsSubsequence("1", "2");
    }

    /** Fails to convert the first event once, with an error. */
    private record FailingConversion(Queue<String> begun, AtomicInteger conversions) implements EventHandler<RawEvent> {

        FailingConversion(Queue<String> begun) {
            this(begun, new AtomicInteger());
        }

        @Override
        public RawEvent convert(RawEvent event) {
            if (conversions.getAndIncrement() == 0) {
                throw new NoClassDefFoundError("gone");
            }
            return event;
        }

        @Override
        public List<OutgoingEvent> handle(List<RawEvent> events) {
            events.forEach(event -> begun.add(event.payload()));
            return List.of();
        }

        @Override
        public boolean isBatch() {
            return true;
        }

        @Override
        public @Nullable Set<String> knownTypes() {
            return null;
        }
    }
}
