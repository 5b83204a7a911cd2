package io.pgevents.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgevents.dispatch.Claimer.Batch;
import io.pgevents.queue.ClaimedEvent;
import io.pgevents.queue.Claims;
import io.pgevents.queue.Claims.SubscriptionScope;
import io.pgevents.subscription.SubscriptionSettings.Order;
import io.pgevents.support.TestBus;
import io.pgevents.support.TestPostgres;
import io.pgevents.support.TestSettings;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OrderedClaimerIntegrationTests {

    private final TestBus bus = new TestBus(TestPostgres.newDatabaseUrl());
    private final Claimer claimer = new OrderedClaimer(
            new Claims(bus.pool(), bus.schema()),
            new SubscriptionScope("s", null, 3),
            new Floor(),
            TestSettings.order(Order.KEY));

    @AfterEach
    void close() {
        bus.close();
    }

    /** The window has passed all five: only the key that was not finished leads to the last three. */
    @Test
    void goesOnWithAKeyOfWhichNoEventCouldBeHandled() {
        bus.jdbc()
                .update("INSERT INTO event_queue (topic, payload, subscription, ordering_key)"
                        + " SELECT 'a', to_jsonb(n), 's', 'k' FROM generate_series(1, 5) AS n");
        Batch first = bus.transaction().execute(status -> {
            Batch batch = claimer.claim(2);
            batch.events()
                    .forEach(event ->
                            bus.jdbc().update("UPDATE event_queue SET status = 'failed' WHERE id = ?", event.id()));
            return batch;
        });
        assertThat(payloads(first)).containsExactly("1", "2");
        claimer.finished(first.with(List.of()));
        Batch second = bus.transaction().execute(status -> claimer.claim(2));
        assertThat(payloads(second)).containsExactly("3", "4");
    }

    private static List<String> payloads(Batch batch) {
        return batch.events().stream()
                .map(ClaimedEvent::event)
                .map(event -> event.payload())
                .toList();
    }
}
