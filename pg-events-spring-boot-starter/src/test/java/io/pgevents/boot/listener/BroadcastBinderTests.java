package io.pgevents.boot.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgevents.Event;
import io.pgevents.EventMetadata;
import io.pgevents.PgSubscribe;
import io.pgevents.Retry;
import io.pgevents.codec.Jackson2EventCodec;
import io.pgevents.live.BroadcastSubscription;
import io.pgevents.live.LiveCursor;
import io.pgevents.live.LiveEvent;
import io.pgevents.subscription.TopicPattern;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.scheduling.annotation.Async;

class BroadcastBinderTests {

    record Price(String item, int cents) {}

    sealed interface Change permits Renamed {}

    record Renamed(String name) implements Change {}

    static class Prices {
        final List<Object> calls = new ArrayList<>();

        @PgSubscribe(topic = "price.*", broadcast = true, onGap = "forget")
        void on(Event<Price> event, EventMetadata metadata) {
            calls.add(event.payload());
            calls.add(metadata.subscription() + " " + metadata.topic() + " " + metadata.key());
        }

        @PgSubscribe(topic = "change", broadcast = true, subscription = "changes")
        void change(Change change) {
            calls.add(change);
        }

        void forget() {
            calls.add("gap");
        }
    }

    static class WithMode {
        @PgSubscribe(topic = "t", broadcast = true, mode = PgSubscribe.LEASED, concurrency = "4")
        void on(String text) {}
    }

    static class WithRetry {
        @PgSubscribe(topic = "t", broadcast = true, retry = @Retry(maxAttempts = "3"))
        void on(String text) {}
    }

    static class Batch {
        @PgSubscribe(topic = "t", broadcast = true)
        void on(List<String> texts) {}
    }

    static class Result {
        @PgSubscribe(topic = "t", broadcast = true)
        @Nullable
        Object on(String text) {
            return null;
        }
    }

    static class NoSuchGap {
        @PgSubscribe(topic = "t", broadcast = true, onGap = "missing")
        void on(String text) {}
    }

    static class AsyncMethod {
        @PgSubscribe(topic = "t", broadcast = true)
        @Async
        void on(String text) {}
    }

    static class DurableWithGap {
        @PgSubscribe(topic = "t", onGap = "gap")
        void on(String text) {}

        void gap() {}
    }

    private static LiveEvent event(String topic, @Nullable String type, String payload) {
        return new LiveEvent(
                UUID.randomUUID(), topic, type, "k", Map.of(), payload, Instant.now(), new LiveCursor("a"));
    }

    private static List<BroadcastSubscription> bind(Prices bean) {
        DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
        beans.registerSingleton("prices", bean);
        return new AnnotatedBroadcasts(beans, new Jackson2EventCodec()).all();
    }

    @Test
    void callsTheMethodWithWhatItTakes() throws Exception {
        Prices bean = new Prices();
        BroadcastSubscription subscription = bind(bean).stream()
                .filter(each -> each.name().equals("prices.on"))
                .findFirst()
                .orElseThrow();
        assertThat(subscription.topics()).containsExactly(new TopicPattern("price.*"));
        subscription.handler().received(event("price.book", null, "{\"item\": \"book\", \"cents\": 7}"));
        subscription.handler().gap();
        assertThat(bean.calls).containsExactly(new Price("book", 7), "prices.on price.book k", "gap");
    }

    @Test
    void leavesOutTypesASealedParameterDoesNotKnowAndGapsNobodyWants() throws Exception {
        Prices bean = new Prices();
        BroadcastSubscription.Handler handler = bind(bean).stream()
                .filter(each -> each.name().equals("changes"))
                .findFirst()
                .orElseThrow()
                .handler();
        handler.received(event("change", "Removed", "{}"));
        handler.gap();
        handler.received(event("change", "Renamed", "{\"name\": \"n\"}"));
        assertThat(bean.calls).containsExactly(new Renamed("n"));
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                Arguments.of(WithMode.class, "there is no mode, concurrency"),
                Arguments.of(WithRetry.class, "there is no retry"),
                Arguments.of(Batch.class, "takes a batch"),
                Arguments.of(Result.class, "returns something"),
                Arguments.of(NoSuchGap.class, "missing()"),
                Arguments.of(AsyncMethod.class, "is @Async"),
                Arguments.of(DurableWithGap.class, "durable subscription has none"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void saysWhatIsWrong(Class<?> handler, String problem) {
        ListenerRunner.failure(
                failure -> assertThat(failure).hasMessageContaining(problem).hasMessageContaining("on("), handler);
    }
}
