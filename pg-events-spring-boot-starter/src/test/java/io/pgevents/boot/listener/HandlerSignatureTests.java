package io.pgevents.boot.listener;

import static io.pgevents.boot.listener.ListenerRunner.event;
import static io.pgevents.boot.listener.ListenerRunner.handle;
import static io.pgevents.boot.listener.ListenerRunner.subscription;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgevents.Event;
import io.pgevents.EventMetadata;
import io.pgevents.PayloadConversionException;
import io.pgevents.PgEvent;
import io.pgevents.PgSubscribe;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HandlerSignatureTests {

    private static final String JSON = "{\"item\":\"book\",\"quantity\":2}";

    record Order(String item, int quantity) {}

    static class Everything {
        @PgSubscribe(topic = "a")
        void aRecord(Order order) {
            Recorder.add(order);
        }

        @PgSubscribe(topic = "a")
        void aRecordWithMetadata(EventMetadata metadata, Order order) {
            Recorder.add(metadata.headers() + " " + order);
        }

        @PgSubscribe(topic = "a")
        void aMap(Map<String, Object> order) {
            Recorder.add(order.get("item"));
        }

        @PgSubscribe(topic = "a")
        void aText(String json) {
            Recorder.add(json);
        }

        @PgSubscribe(topic = "a")
        void aTree(JsonNode tree) {
            Recorder.add(tree.get("quantity").intValue());
        }

        @PgSubscribe(topic = "a")
        void anEvent(Event<Order> event) {
            Recorder.add(event.metadata().id() + " " + event.payload());
        }

        @PgSubscribe(topic = "a")
        void payloads(List<Order> orders) {
            Recorder.add(orders);
        }

        @PgSubscribe(topic = "a")
        void events(List<Event<Order>> events) {
            Recorder.add(events.stream().map(each -> each.payload().item()).toList());
        }

        @PgSubscribe(topic = "a")
        void aGenericPayload(Map<String, List<Order>> byCustomer) {
            Recorder.add(byCustomer);
        }
    }

    abstract static class Base<T> {
        @PgSubscribe(topic = "a")
        void on(T payload) {
            Recorder.add(payload);
        }
    }

    static class OfOrders extends Base<Order> {}

    abstract static class BatchBase<T> {
        @PgSubscribe(topic = "a")
        void on(List<Event<T>> events) {
            events.forEach(each -> Recorder.add(each.payload()));
        }
    }

    static class BatchOfOrders extends BatchBase<Order> {}

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            aRecord             | Order[item=book, quantity=2]
            aRecordWithMetadata | {header=value} Order[item=book, quantity=2]
            aMap                | book
            aText               | {"item":"book","quantity":2}
            aTree               | 2
            anEvent             | 7 Order[item=book, quantity=2]
            """)
    void givesTheHandlerWhatItsParametersSay(String method, String seen) {
        ListenerRunner.with(Everything.class).run(context -> {
            handle(subscription(context, name(method)), event(null, JSON));
            assertThat(Recorder.takeAll()).singleElement().asString().isEqualTo(seen);
        });
    }

    @Test
    void readsGenericPayloads() {
        ListenerRunner.with(Everything.class).run(context -> {
            handle(subscription(context, name("aGenericPayload")), event(null, "{\"Ada\":[" + JSON + "]}"));
            assertThat(Recorder.takeAll()).containsExactly(Map.of("Ada", List.of(new Order("book", 2))));
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"payloads", "events"})
    void takesAListForABatch(String method) {
        ListenerRunner.with(Everything.class).run(context -> {
            var subscription = subscription(context, name(method));
            assertThat(subscription.handler().isBatch()).isTrue();
            handle(subscription, event(null, JSON), event(null, JSON));
            assertThat(Recorder.takeAll()).singleElement().asInstanceOf(LIST).hasSize(2);
        });
    }

    @Test
    void resolvesTypeVariablesOfTheBeanClass() {
        for (Class<?> type : List.of(OfOrders.class, BatchOfOrders.class)) {
            ListenerRunner.with(type).run(context -> {
                handle(ListenerRunner.subscriptions(context).get(0), event(null, JSON));
                assertThat(Recorder.takeAll()).containsExactly(new Order("book", 2));
            });
        }
    }

    @Test
    void takesAnyTypeNameForAConcreteParameter() {
        ListenerRunner.with(Everything.class)
                .run(context -> assertThat(
                                subscription(context, name("aRecord")).handler().knownTypes())
                        .isNull());
    }

    sealed interface Step permits Placed, Change, Closed {}

    record Placed(String item) implements Step {}

    sealed interface Change extends Step {}

    @PgEvent(value = "steps", type = "repriced-v2")
    record Repriced(int price) implements Change {}

    record Renamed(String name) implements Change {}

    enum Closed implements Step {
        CLOSED
    }

    static class OfSteps {
        @PgSubscribe(topic = "steps")
        void on(Event<Step> step) {
            Recorder.add(step.payload());
        }
    }

    static class OfSomeSteps {
        @PgSubscribe(topic = "steps")
        void anEvent(Event<? extends Step> step) {
            Recorder.add(step.payload());
        }

        @PgSubscribe(topic = "steps")
        void payloads(List<? extends Step> steps) {
            steps.forEach(Recorder::add);
        }

        @PgSubscribe(topic = "steps")
        void events(List<? extends Event<? extends Step>> steps) {
            steps.forEach(each -> Recorder.add(each.payload()));
        }

        @PgSubscribe(topic = "steps")
        void consumed(List<? super Step> steps) {
            steps.forEach(Recorder::add);
        }
    }

    abstract static class SomeBase<T> {
        @PgSubscribe(topic = "steps")
        void on(List<? extends T> payloads) {
            payloads.forEach(Recorder::add);
        }
    }

    static class OfSomeInherited extends SomeBase<Step> {}

    /** Kotlin writes them by itself. */
    @Test
    void takesAWildcardForItsBound() {
        ListenerRunner.with(OfSomeSteps.class, OfSomeInherited.class).run(context -> {
            var subscriptions = ListenerRunner.subscriptions(context);
            assertThat(subscriptions).hasSize(5);
            for (var each : subscriptions) {
                assertThat(each.handler().knownTypes())
                        .containsExactlyInAnyOrder("Placed", "repriced-v2", "Renamed", "Closed");
                handle(each, event("repriced-v2", "{\"price\":3}"));
                assertThat(Recorder.takeAll()).containsExactly(new Repriced(3));
            }
        });
    }

    @Test
    void knowsTheTypesThatASealedParameterPermits() {
        ListenerRunner.with(OfSteps.class).run(context -> {
            var subscription = ListenerRunner.subscriptions(context).get(0);
            assertThat(subscription.handler().knownTypes())
                    .containsExactlyInAnyOrder("Placed", "repriced-v2", "Renamed", "Closed");

            handle(subscription, event("repriced-v2", "{\"price\":3}"));
            handle(subscription, event("Placed", "{\"item\":\"book\"}"));
            handle(subscription, event("Closed", "\"CLOSED\""));
            assertThat(Recorder.takeAll()).containsExactly(new Repriced(3), new Placed("book"), Closed.CLOSED);
        });
    }

    @Test
    void cannotTellTheClassOfAnEventWithoutATypeName() {
        ListenerRunner.with(OfSteps.class).run(context -> {
            var subscription = ListenerRunner.subscriptions(context).get(0);
            assertThatExceptionOfType(PayloadConversionException.class)
                    .isThrownBy(() -> handle(subscription, event(null, "{}")))
                    .withMessageContaining("has no type name")
                    .withMessageContaining("[Closed, Placed, Renamed, repriced-v2]");
            assertThatExceptionOfType(PayloadConversionException.class)
                    .isThrownBy(() -> handle(subscription, event("java.lang.Runtime", "{}")))
                    .withMessageContaining("\"java.lang.Runtime\"");
        });
    }

    private static String name(String method) {
        return "handlerSignatureTests.Everything." + method;
    }
}
