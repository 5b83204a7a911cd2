package io.pgevents.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgevents.PayloadConversionException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a person who wrote a payload by hand reads when it does not fit. */
class ConversionMessageTests {

    private final EventCodec codec = new Jackson2EventCodec();

    record Line(String item, int quantity) {
        Line {
            if (quantity < 0) {
                throw new IllegalArgumentException("a quantity is not negative");
            }
        }
    }

    record Cart(List<Line> lines, Optional<String> note) {}

    @Test
    void readsOptionals() {
        assertThat(codec.read("{\"lines\": [], \"note\": \"soon\"}", Cart.class))
                .isEqualTo(new Cart(List.of(), Optional.of("soon")));
    }

    @Test
    void namesThePropertyThatDoesNotFit() {
        assertThatThrownBy(() -> codec.read("{\"lines\": [{\"item\": \"book\"}]}", Cart.class))
                .isInstanceOf(PayloadConversionException.class)
                .hasMessageEndingWith("Cart: lines.[0].quantity: Cannot map `null` into type `int`");
    }

    @Test
    void saysWhatTheConstructorHasRefused() {
        assertThatThrownBy(() -> codec.read("{\"item\": \"book\", \"quantity\": -1}", Line.class))
                .hasMessageEndingWith("Line: a quantity is not negative");
    }
}
