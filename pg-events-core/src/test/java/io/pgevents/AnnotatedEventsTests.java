package io.pgevents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AnnotatedEventsTests {

    @PgEvent(value = "order", key = "customer")
    sealed interface OrderEvent {
        @Nullable
        String customer();
    }

    record Placed(@Nullable String customer) implements OrderEvent {}

    @PgEvent(value = "order.cancelled", type = "Cancelled/2")
    record Cancelled(@Nullable String customer) implements OrderEvent {}

    @PgEvent(value = "bean", type = "Base", key = "owner")
    static class Bean {
        public int getOwner() {
            return 7;
        }
    }

    static final class SubBean extends Bean {}

    @PgEvent(value = "wrong", key = "missing")
    record WrongKey(String other) {}

    @Test
    void takesTheTopicOfASealedInterfaceAndTheNameOfTheClass() {
        OutgoingEvent event = OutgoingEvent.ofAnnotated(new Placed("Ada"));
        assertThat(event.topic()).isEqualTo("order");
        assertThat(event.type()).isEqualTo("Placed");
        assertThat(event.key()).isEqualTo("Ada");
    }

    @Test
    void prefersTheAnnotationOfTheClassItself() {
        OutgoingEvent event = OutgoingEvent.ofAnnotated(new Cancelled("Ada"));
        assertThat(event.topic()).isEqualTo("order.cancelled");
        assertThat(event.type()).isEqualTo("Cancelled/2");
        assertThat(event.key()).isNull();
    }

    @Test
    void readsAGetterAndDoesNotInheritTheTypeName() {
        assertThat(OutgoingEvent.ofAnnotated(new Bean()).type()).isEqualTo("Base");
        OutgoingEvent event = OutgoingEvent.ofAnnotated(new SubBean());
        assertThat(event.type()).isEqualTo("SubBean");
        assertThat(event.key()).isEqualTo("7");
    }

    @Test
    void takesNoKeyFromNull() {
        assertThat(OutgoingEvent.ofAnnotated(new Placed(null)).key()).isNull();
    }

    @Test
    void leavesAnOutgoingEventAsItIs() {
        OutgoingEvent event = OutgoingEvent.of("a", 1);
        assertThat(OutgoingEvent.ofAnnotated(event)).isSameAs(event);
    }

    @Test
    void givesTheTypeNameOfAnAnnotatedClassOnly() {
        assertThat(OutgoingEvent.of("elsewhere", new Placed("Ada")).type()).isEqualTo("Placed");
        assertThat(OutgoingEvent.of("elsewhere", "text").type()).isNull();
    }

    @Test
    void saysWhatToAdd() {
        assertThatThrownBy(() -> OutgoingEvent.ofAnnotated("text"))
                .isInstanceOf(InvalidEventException.class)
                .hasMessageContaining("java.lang.String")
                .hasMessageContaining("@PgEvent(");
        assertThatThrownBy(() -> OutgoingEvent.ofAnnotated(new WrongKey("x")))
                .isInstanceOf(InvalidEventException.class)
                .hasMessageContaining("missing()")
                .hasMessageContaining("getMissing()");
    }
}
