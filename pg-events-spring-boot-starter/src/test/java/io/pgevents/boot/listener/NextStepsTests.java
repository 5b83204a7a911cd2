package io.pgevents.boot.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.pgevents.InvalidEventException;
import io.pgevents.OutgoingEvent;
import io.pgevents.PgEvent;
import io.pgevents.PgSubscribe;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class NextStepsTests {

    @PgEvent(value = "order.paid", key = "id")
    record Paid(String id) {}

    @PgEvent("order.closed")
    sealed interface Closed permits Shipped, Cancelled {}

    record Shipped(String id) implements Closed {}

    record Cancelled(String id) implements Closed {}

    interface Marker {}

    @Test
    void publishesNothingForNull() {
        assertThat(NextSteps.of(null)).isEmpty();
    }

    @Test
    void publishesAnAnnotatedObject() {
        assertThat(NextSteps.of(new Paid("7"))).singleElement().satisfies(event -> {
            assertThat(event.topic()).isEqualTo("order.paid");
            assertThat(event.key()).isEqualTo("7");
            assertThat(event.type()).isEqualTo("Paid");
        });
    }

    @Test
    void publishesAnOutgoingEventAsItIs() {
        OutgoingEvent event = OutgoingEvent.of("a", "b").withKey("c");
        assertThat(NextSteps.of(event)).containsExactly(event);
    }

    @Test
    void publishesTheElementsOfCollectionsArraysAndOptionals() {
        Object nested = Arrays.asList(
                new Paid("1"), null, Optional.of(new Shipped("2")), new Object[] {OutgoingEvent.of("x", "y")});
        assertThat(NextSteps.of(nested))
                .extracting(OutgoingEvent::topic)
                .containsExactly("order.paid", "order.closed", "x");
        assertThat(NextSteps.of(Optional.empty())).isEmpty();
    }

    @Test
    void refusesAnObjectThatDoesNotSayItsTopic() {
        assertThatExceptionOfType(InvalidEventException.class)
                .isThrownBy(() -> NextSteps.of("text"))
                .withMessageContaining("@PgEvent");
    }

    static class Valid {
        @PgSubscribe(topic = "a", subscription = "1")
        void nothing(String text) {}

        @PgSubscribe(topic = "a", subscription = "2")
        Paid one(String text) {
            return new Paid(text);
        }

        @PgSubscribe(topic = "a", subscription = "3")
        Collection<? extends Closed> some(String text) {
            return List.of();
        }

        @PgSubscribe(topic = "a", subscription = "4")
        Optional<OutgoingEvent> perhaps(String text) {
            return Optional.empty();
        }

        @PgSubscribe(topic = "a", subscription = "5")
        Paid[] array(String text) {
            return new Paid[0];
        }

        @PgSubscribe(topic = "a", subscription = "6")
        @Nullable
        Object anything(String text) {
            return null;
        }

        @PgSubscribe(topic = "a", subscription = "7")
        List<Marker> perhapsAnnotatedClasses(String text) {
            return List.of();
        }

        @PgSubscribe(topic = "a", subscription = "8")
        List<?> mixed(String text) {
            return List.of();
        }

        @PgSubscribe(topic = "a", subscription = "9")
        Shipped bySuperInterface(String text) {
            return new Shipped(text);
        }

        @PgSubscribe(topic = "a", subscription = "10")
        @Nullable
        Void nothingAtAll(String text) {
            return null;
        }
    }

    @Test
    void acceptsEveryReturnTypeThatCanBeEvents() {
        assertThat(ListenerRunner.bind(Valid.class)).hasSize(10);
    }
}
