package io.pgevents.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pgevents.OutgoingEvent;
import io.pgevents.retry.RetryPolicy;
import io.pgevents.retry.RetryPolicy.Backoff;
import io.pgevents.subscription.SubscriptionSettings;
import io.pgevents.subscription.SubscriptionSettings.Mode;
import io.pgevents.subscription.SubscriptionSettings.Order;
import io.pgevents.support.TestBus;
import io.pgevents.support.TestPostgres;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(90)
class TwoNodesClusterTests {

    private static final int EVENTS = 10_000;

    private final String url = TestPostgres.newDatabaseUrl();

    private TestBus node(String name, double failures) {
        RetryPolicy retry = new RetryPolicy(
                1000, new Backoff(Duration.ofMillis(5), 1, Duration.ofMillis(5), 0), Set.of(), Set.of());
        SubscriptionSettings how =
                new SubscriptionSettings(Mode.TRANSACTIONAL, Order.NONE, 3, 100, Duration.ofSeconds(30), null, retry);
        TestBus bus = new TestBus(url);
        Effects.create(bus);
        return bus.subscribe("s", "t", how, event -> {
            Effects.write(bus, event, name);
            if (ThreadLocalRandom.current().nextDouble() < failures) {
                throw new IllegalStateException("at random");
            }
            return List.of();
        });
    }

    private static void publish(TestBus bus) {
        for (int chunk = 0; chunk < EVENTS; chunk += 500) {
            bus.publisher()
                    .publishAll(IntStream.range(chunk, chunk + 500)
                            .mapToObj(seq -> OutgoingEvent.of("t", Effects.payload("k", seq)))
                            .toList());
        }
    }

    private static void assertEachHandledOnce(TestBus bus) {
        await().atMost(Duration.ofSeconds(60)).until(() -> bus.count("done") == EVENTS);
        assertThat(Effects.count(bus)).isEqualTo(EVENTS);
        assertThat(Effects.distinct(bus)).isEqualTo(EVENTS);
        assertThat(bus.count("pending") + bus.count("processing") + bus.count("failed"))
                .isZero();
        await().atMost(Duration.ofSeconds(20)).until(() -> Effects.openTransactions(bus) == 0);
    }

    @Test
    void twoInstancesShareTenThousandEventsWithFailures() {
        try (TestBus one = node("one", 0.003);
                TestBus two = node("two", 0.003)) {
            one.start();
            two.start();
            publish(one);
            assertEachHandledOnce(one);
            assertThat(Effects.number(one, "SELECT count(DISTINCT node) FROM effect"))
                    .isEqualTo(2);
        }
    }

    @Test
    void stoppingOneInstanceInTheMiddleLosesNothing() {
        try (TestBus one = node("one", 0);
                TestBus two = node("two", 0)) {
            publish(one);
            one.start();
            two.start();
            await().atMost(Duration.ofSeconds(30)).until(() -> Effects.count(one) > 300);
            one.stop();
            long byOne = Effects.number(two, "SELECT count(*) FROM effect WHERE node = 'one'");
            assertEachHandledOnce(two);
            assertThat(Effects.number(two, "SELECT count(*) FROM effect WHERE node = 'one'"))
                    .isEqualTo(byOne);
            assertThat(Effects.number(two, "SELECT count(*) FROM event_node")).isEqualTo(1);
        }
    }

    @Test
    void anAbandonedInstanceLosesNothing() {
        try (TestBus two = node("two", 0)) {
            TestBus one = node("one", 0);
            publish(one);
            one.start();
            await().atMost(Duration.ofSeconds(30)).until(() -> Effects.count(two) > 300);
            one.pool().close();
            two.start();
            assertEachHandledOnce(two);
            one.close();
        }
    }
}
