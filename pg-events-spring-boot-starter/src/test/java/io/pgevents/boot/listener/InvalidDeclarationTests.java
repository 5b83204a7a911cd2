package io.pgevents.boot.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgevents.Event;
import io.pgevents.EventMetadata;
import io.pgevents.PgEvent;
import io.pgevents.PgSubscribe;
import io.pgevents.Retry;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.context.annotation.Scope;

class InvalidDeclarationTests {

    record Order(String item) {}

    static class NoPayload {
        @PgSubscribe(topic = "a")
        void on() {}
    }

    static class OnlyMetadata {
        @PgSubscribe(topic = "a")
        void on(EventMetadata metadata) {}
    }

    static class TwoPayloads {
        @PgSubscribe(topic = "a")
        void on(Order order, Event<Order> event) {}
    }

    static class TwoMetadata {
        @PgSubscribe(topic = "a")
        void on(Order order, EventMetadata one, EventMetadata two) {}
    }

    static class BatchWithMetadata {
        @PgSubscribe(topic = "a")
        void on(List<Order> orders, EventMetadata metadata) {}
    }

    static class WildcardList {
        @PgSubscribe(topic = "a")
        void on(List<?> orders) {}
    }

    @SuppressWarnings("rawtypes")
    static class RawEvent {
        @PgSubscribe(topic = "a")
        void on(Event order) {}
    }

    static class ReturnsBoolean {
        @PgSubscribe(topic = "a")
        boolean on(Order order) {
            return true;
        }
    }

    static class ReturnsTexts {
        @PgSubscribe(topic = "a")
        List<String> on(Order order) {
            return List.of();
        }
    }

    static class ReturnsPlainRecord {
        @PgSubscribe(topic = "a")
        Optional<Order> on(Order order) {
            return Optional.empty();
        }
    }

    static class ReturnsMap {
        @PgSubscribe(topic = "a")
        Map<String, Order> on(Order order) {
            return Map.of();
        }
    }

    static class BadTopic {
        @PgSubscribe(topic = "order placed")
        void on(Order order) {}
    }

    static class EmptyTopic {
        @PgSubscribe(topic = "${empty:}")
        void on(Order order) {}
    }

    static class Unresolvable {
        @PgSubscribe(topic = "${shop.topic}")
        void on(Order order) {}
    }

    static class BadConcurrency {
        @PgSubscribe(topic = "a", concurrency = "abc")
        void on(Order order) {}
    }

    static class ZeroConcurrency {
        @PgSubscribe(topic = "a", concurrency = "0")
        void on(Order order) {}
    }

    static class NegativeDelay {
        @PgSubscribe(topic = "a", retry = @Retry(delay = "-5s"))
        void on(Order order) {}
    }

    static class BadDuration {
        @PgSubscribe(topic = "a", timeout = "soon")
        void on(Order order) {}
    }

    static class UnknownMode {
        @PgSubscribe(topic = "a", mode = "sometimes")
        void on(Order order) {}
    }

    static class UnknownOrder {
        @PgSubscribe(topic = "a", order = "random")
        void on(Order order) {}
    }

    static class SmallMultiplier {
        @PgSubscribe(topic = "a", retry = @Retry(multiplier = "0.5"))
        void on(Order order) {}
    }

    static class NameWithSpaces {
        @PgSubscribe(topic = "a", subscription = "my orders")
        void on(Order order) {}
    }

    @Scope("request")
    static class RequestScoped {
        @PgSubscribe(topic = "a")
        void on(Order order) {}
    }

    sealed interface Shape permits Round, Square {}

    @PgEvent(value = "a", type = "shape")
    record Round() implements Shape {}

    @PgEvent(value = "a", type = "shape")
    record Square() implements Shape {}

    static class AmbiguousTypes {
        @PgSubscribe(topic = "a")
        void on(Shape shape) {}
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                Arguments.of(NoPayload.class, "takes no payload", "Use one parameter for the payload"),
                Arguments.of(OnlyMetadata.class, "takes no payload", "Use one parameter"),
                Arguments.of(TwoPayloads.class, "takes more than one payload", "Use one parameter"),
                Arguments.of(TwoMetadata.class, "takes EventMetadata more than once", "Use one parameter"),
                Arguments.of(BatchWithMetadata.class, "each event of a batch has its own", "Use List<Event<T>>"),
                Arguments.of(WildcardList.class, "does not say the type of the payload", "List<Order>"),
                Arguments.of(RawEvent.class, "does not say the type of the payload", "Event<Order>"),
                Arguments.of(ReturnsBoolean.class, "returns boolean, which is no event", "@PgEvent"),
                Arguments.of(ReturnsTexts.class, "which is no event", "Return nothing"),
                Arguments.of(ReturnsPlainRecord.class, "which is no event", "@PgEvent"),
                Arguments.of(ReturnsMap.class, "which is no event", "@PgEvent"),
                Arguments.of(BadTopic.class, "\"order placed\"", "Correct the attribute topic"),
                Arguments.of(EmptyTopic.class, "names no topic", "@PgSubscribe(topic ="),
                Arguments.of(Unresolvable.class, "topic = \"${shop.topic}\"", "Set the property"),
                Arguments.of(BadConcurrency.class, "concurrency = \"abc\"", "a whole number"),
                Arguments.of(ZeroConcurrency.class, "concurrency must be 1 to 1000: 0", "Correct the annotation"),
                Arguments.of(NegativeDelay.class, "retry.delay = \"-5s\"", "zero or more"),
                Arguments.of(BadDuration.class, "timeout = \"soon\"", "\"30s\", \"500ms\" or \"PT1M\""),
                Arguments.of(UnknownMode.class, "mode = \"sometimes\"", "transactional, leased"),
                Arguments.of(UnknownOrder.class, "order = \"random\"", "none, key, key-skip-failed"),
                Arguments.of(
                        SmallMultiplier.class, "multiplier of a retry must be at least 1", "Correct the annotation"),
                Arguments.of(NameWithSpaces.class, "\"my orders\"", "subscription = \"...\" in its annotation"),
                Arguments.of(RequestScoped.class, "scope \"request\"", "singleton"),
                Arguments.of(AmbiguousTypes.class, "two classes have the type name \"shape\"", "@PgEvent(type ="));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void keepsTheApplicationFromStartingAndSaysWhatToChange(Class<?> mistake, String problem, String remedy) {
        ListenerRunner.failure(
                failure -> {
                    assertThat(failure.description())
                            .contains("The method " + mistake.getTypeName() + ".on(")
                            .contains("of the bean 'invalidDeclarationTests." + mistake.getSimpleName() + "'")
                            .contains(problem);
                    assertThat(failure.action()).contains(remedy);
                },
                mistake);
    }

    static class SameName {
        @PgSubscribe(topic = "a", subscription = "mail")
        void one(Order order) {}

        @PgSubscribe(topic = "b", subscription = "${mail.name:mail}")
        void two(Order order) {}
    }

    static class Overloaded {
        @PgSubscribe(topic = "a")
        void on(Order order) {}

        @PgSubscribe(topic = "b")
        void on(String text) {}
    }

    @Test
    void refusesTwoSubscriptionsOfOneName() {
        ListenerRunner.failure(
                failure -> {
                    assertThat(failure.description())
                            .contains("Two methods have the subscription \"mail\"")
                            .contains("SameName.one(Order)")
                            .contains("SameName.two(Order)");
                    assertThat(failure.action()).contains("@PgSubscribe(subscription = \"...\")");
                },
                SameName.class);
        ListenerRunner.failure(failure -> assertThat(failure.description()).contains("Two methods"), Overloaded.class);
    }

    @Test
    void showsTheAnalysisOfAMistake() {
        ListenerRunner.failure(
                failure -> assertThat(failure)
                        .hasMessage(
                                "The method io.pgevents.boot.listener.InvalidDeclarationTests$BadConcurrency.on(Order)"
                                        + " of the bean 'invalidDeclarationTests.BadConcurrency' is annotated with an invalid value:"
                                        + " concurrency = \"abc\". Use a whole number, for example concurrency = \"4\"."),
                BadConcurrency.class);
    }
}
