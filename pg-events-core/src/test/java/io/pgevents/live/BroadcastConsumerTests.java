package io.pgevents.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pgevents.subscription.TopicPattern;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BroadcastConsumerTests {

    private final Queue<String> calls = new ConcurrentLinkedQueue<>();
    private final Queue<Runnable> tasks = new ArrayDeque<>();

    private BroadcastConsumer consumer(Executor executor, int capacity) {
        BroadcastSubscription.Handler handler = new BroadcastSubscription.Handler() {
            @Override
            public void received(LiveEvent event) {
                calls.add(event.topic());
            }

            @Override
            public void gap() {
                calls.add("gap");
            }
        };
        return new BroadcastConsumer(
                new BroadcastSubscription("b", List.of(new TopicPattern("#")), handler), executor, capacity);
    }

    private static LiveEvent event(String topic, int size) {
        return new LiveEvent(
                UUID.randomUUID(), topic, null, null, Map.of(), "x".repeat(size), Instant.EPOCH, new LiveCursor("c"));
    }

    private List<String> handled() {
        while (!tasks.isEmpty()) {
            tasks.remove().run();
        }
        return new ArrayList<>(calls);
    }

    /** Who reloads at a gap must not get an older event after it. */
    @Test
    void aGapStaysBehindWhatWasQueuedBeforeIt() {
        BroadcastConsumer consumer = consumer(tasks::add, 10);
        consumer.received(event("1", 1));
        consumer.received(event("2", 1));
        consumer.gap();
        consumer.gap();
        consumer.received(event("3", 1));
        assertThat(handled()).containsExactly("1", "2", "gap", "3");
    }

    @Test
    void aGapStandsInThePlaceOfWhatWasDropped() {
        BroadcastConsumer consumer = consumer(tasks::add, 2);
        for (String topic : List.of("1", "2", "3", "4")) {
            consumer.received(event(topic, 1));
        }
        assertThat(handled()).containsExactly("gap", "3", "4");
    }

    @Test
    void largeEventsAreDroppedBeforeTheyAreMany() {
        BroadcastConsumer consumer = consumer(tasks::add, 1000);
        for (int i = 0; i < 20; i++) {
            consumer.received(event(String.valueOf(i), 3 << 20));
        }
        assertThat(handled()).containsExactly("gap", "15", "16", "17", "18", "19");
        consumer.received(event("larger than all", 20 << 20));
        calls.clear();
        assertThat(handled()).containsExactly("larger than all");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatTheExecutorDoesNotTakeIsTriedAgainAlthoughNothingElseComes(boolean error) {
        AtomicInteger tries = new AtomicInteger();
        BroadcastConsumer consumer = consumer(
                task -> {
                    if (tries.incrementAndGet() <= 2) {
                        refuse(error);
                    }
                    task.run();
                },
                10);
        consumer.received(event("1", 1));
        await().until(() -> !calls.isEmpty());
        consumer.received(event("2", 1));
        assertThat(calls).containsExactly("1", "2");
        assertThat(tries).hasValue(4);
        assertThat(consumer.stop(Duration.ofSeconds(30))).isTrue();
    }

    private static void refuse(boolean error) {
        if (error) {
            throw new OutOfMemoryError("unable to create native thread");
        }
        throw new RejectedExecutionException("full");
    }

    @Test
    void nothingIsTriedAfterTheStop() {
        BroadcastConsumer consumer = consumer(task -> refuse(false), 10);
        consumer.received(event("1", 1));
        assertThat(consumer.stop(Duration.ofSeconds(30))).isTrue();
        consumer.reached(new LiveCursor("c"));
        assertThat(calls).isEmpty();
    }
}
