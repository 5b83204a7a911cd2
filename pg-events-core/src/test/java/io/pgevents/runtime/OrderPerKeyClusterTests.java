package io.pgevents.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pgevents.OutgoingEvent;
import io.pgevents.retry.RetryPolicy;
import io.pgevents.retry.RetryPolicy.Backoff;
import io.pgevents.subscription.EventHandler.RawEvent;
import io.pgevents.subscription.SubscriptionSettings;
import io.pgevents.subscription.SubscriptionSettings.Mode;
import io.pgevents.subscription.SubscriptionSettings.Order;
import io.pgevents.support.TestBus;
import io.pgevents.support.TestPostgres;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(90)
class OrderPerKeyClusterTests {

    private static final int KEYS = 50;
    private static final int EACH = 30;

    private final String url = TestPostgres.newDatabaseUrl();
    private final Map<String, AtomicInteger> inHandler = new ConcurrentHashMap<>();
    private final Set<String> overlaps = ConcurrentHashMap.newKeySet();

    static SubscriptionSettings ordered(Mode mode, Order order, int concurrency) {
        RetryPolicy retry = new RetryPolicy(
                1000, new Backoff(Duration.ofMillis(5), 1, Duration.ofMillis(5), 0), Set.of(), Set.of());
        return new SubscriptionSettings(mode, order, concurrency, 20, Duration.ofSeconds(30), null, retry);
    }

    private TestBus node(String name, SubscriptionSettings how, double failures) {
        TestBus bus = new TestBus(url);
        Effects.create(bus);
        return bus.subscribe("ordered", "t", how, event -> {
            handle(bus, event, name, failures);
            return List.of();
        });
    }

    private void handle(TestBus bus, RawEvent event, String node, double failures) {
        String key = String.valueOf(event.metadata().key());
        AtomicInteger inside = inHandler.computeIfAbsent(key, k -> new AtomicInteger());
        if (inside.incrementAndGet() > 1) {
            overlaps.add(key);
        }
        try {
            if (ThreadLocalRandom.current().nextDouble() < failures) {
                throw new IllegalStateException("at random");
            }
            Effects.write(bus, event, node);
        } finally {
            inside.decrementAndGet();
        }
    }

    private void publish(TestBus bus) {
        for (int seq = 0; seq < EACH; seq++) {
            List<OutgoingEvent> events = new ArrayList<>();
            for (int key = 0; key < KEYS; key++) {
                events.add(
                        OutgoingEvent.of("t", Effects.payload("k" + key, seq)).withKey("k" + key));
            }
            bus.publisher().publishAll(events);
        }
    }

    @ParameterizedTest
    @CsvSource({"TRANSACTIONAL, 0.1", "LEASED, 0.1", "TRANSACTIONAL, 0.01", "LEASED, 0"})
    void keepsTheOrderOfEveryKeyOverTwoInstancesWithFailures(Mode mode, double failures) {
        try (TestBus one = node("one", ordered(mode, Order.KEY, 4), failures);
                TestBus two = node("two", ordered(mode, Order.KEY, 4), failures)) {
            one.start();
            two.start();
            publish(one);
            await().atMost(Duration.ofSeconds(60)).until(() -> one.count("done") == (long) KEYS * EACH);
            assertThat(Effects.count(one)).isEqualTo((long) KEYS * EACH);
            assertThat(Effects.firstInOrder(one))
                    .hasSize(KEYS)
                    .allSatisfy((key, order) -> assertThat(order)
                            .as(key)
                            .isEqualTo(IntStream.range(0, EACH).boxed().toList()));
            assertThat(overlaps).isEmpty();
        }
    }

    @Test
    void aFailingHeadHoldsUpItsKeyOnly() {
        Set<String> broken = ConcurrentHashMap.newKeySet();
        broken.add("bad");
        try (TestBus bus = new TestBus(url)) {
            Effects.create(bus);
            bus.subscribe("ordered", "t", ordered(Mode.TRANSACTIONAL, Order.KEY, 2), event -> {
                if (broken.contains(event.metadata().key()) && event.payload().contains("\"seq\": 0")) {
                    throw new IllegalStateException("broken");
                }
                Effects.write(bus, event, "one");
                return List.of();
            });
            bus.start();
            for (int seq = 0; seq < 10; seq++) {
                bus.publisher()
                        .publish(OutgoingEvent.of("t", Effects.payload("bad", seq))
                                .withKey("bad"));
                bus.publisher()
                        .publish(OutgoingEvent.of("t", Effects.payload("good", seq))
                                .withKey("good"));
            }
            await().atMost(Duration.ofSeconds(20)).until(() -> bus.count("done") == 10);
            assertThat(Effects.firstInOrder(bus)).containsOnlyKeys("good");
            broken.clear();
            await().atMost(Duration.ofSeconds(20)).until(() -> bus.count("done") == 20);
            assertThat(Effects.firstInOrder(bus).get("bad"))
                    .isEqualTo(IntStream.range(0, 10).boxed().toList());
        }
    }

    @ParameterizedTest
    @CsvSource({"TRANSACTIONAL", "LEASED"})
    void aFailedEventStepsAsideWhereThatIsAskedFor(Mode mode) {
        RetryPolicy late =
                new RetryPolicy(3, new Backoff(Duration.ofMinutes(5), 1, Duration.ofMinutes(5), 0), Set.of(), Set.of());
        SubscriptionSettings how =
                new SubscriptionSettings(mode, Order.KEY_SKIP_FAILED, 2, 20, Duration.ofSeconds(30), null, late);
        try (TestBus bus = new TestBus(url)) {
            Effects.create(bus);
            bus.subscribe("ordered", "t", how, event -> {
                if (Integer.parseInt(event.payload().replaceAll("\\D", "")) < 40) {
                    throw new IllegalStateException("the first forty fail");
                }
                Effects.write(bus, event, "one");
                return List.of();
            });
            bus.start();
            for (int seq = 0; seq < 60; seq++) {
                bus.publisher()
                        .publish(
                                OutgoingEvent.of("t", Effects.payload("k", seq)).withKey("k"));
            }
            await().atMost(Duration.ofSeconds(30)).until(() -> bus.count("done") == 20);
            assertThat(Effects.firstInOrder(bus).get("k"))
                    .isEqualTo(IntStream.range(40, 60).boxed().toList());
            assertThat(bus.count("pending")).isEqualTo(40);
        }
    }

    @Test
    void eventsWithoutAKeyShareOne() {
        try (TestBus one = node("one", ordered(Mode.TRANSACTIONAL, Order.KEY, 4), 0.05);
                TestBus two = node("two", ordered(Mode.TRANSACTIONAL, Order.KEY, 4), 0.05)) {
            one.start();
            two.start();
            for (int seq = 0; seq < 100; seq++) {
                one.publisher().publish("t", Effects.payload("none", seq));
            }
            await().atMost(Duration.ofSeconds(30)).until(() -> one.count("done") == 100);
            assertThat(Effects.firstInOrder(one).get("none"))
                    .isEqualTo(IntStream.range(0, 100).boxed().toList());
            assertThat(overlaps).isEmpty();
        }
    }
}
