package io.pgevents.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pgevents.OutgoingEvent;
import io.pgevents.subscription.SubscriptionSettings;
import io.pgevents.support.TestBus;
import io.pgevents.support.TestPostgres;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

class DeliveryIntegrationTests {

    private final String url = TestPostgres.newDatabaseUrl();

    @Test
    void deliversWhatIsPublished() {
        Queue<String> seen = new ConcurrentLinkedQueue<>();
        try (TestBus bus = new TestBus(url).subscribe("s", "order.*", SubscriptionSettings.DEFAULT, event -> {
            seen.add(event.payload());
            return List.of();
        })) {
            bus.start();
            bus.publisher().publish("order.placed", Map.of("id", 1));
            bus.jdbc().update("INSERT INTO event_queue (topic, payload) VALUES ('order.placed', '{\"id\": 2}')");
            await().atMost(Duration.ofSeconds(20)).until(() -> seen.size() == 2);
            await().until(() -> bus.count("done") == 2);
        }
    }

    @Test
    void publishesNextStepsInTheSameTransaction() {
        Queue<String> seen = new ConcurrentLinkedQueue<>();
        try (TestBus bus = new TestBus(url)
                .subscribe("first", "a", SubscriptionSettings.DEFAULT, event -> List.of(OutgoingEvent.of("b", 1)))
                .subscribe("second", "b", SubscriptionSettings.DEFAULT, event -> {
                    seen.add(event.payload());
                    return List.of();
                })) {
            bus.start();
            for (int i = 0; i < 500; i++) {
                bus.publisher().publish("a", i);
            }
            await().atMost(Duration.ofSeconds(20)).until(() -> seen.size() == 500);
            assertThat(bus.count("pending")).isZero();
        }
    }
}
