package io.pgevents.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pgevents.subscription.SubscriptionSettings;
import io.pgevents.subscription.SubscriptionSettings.Mode;
import io.pgevents.subscription.SubscriptionSettings.Order;
import io.pgevents.support.TestBus;
import io.pgevents.support.TestPostgres;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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
}
