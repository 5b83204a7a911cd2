package io.pgevents.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgevents.PayloadConversionException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class Jackson2EventCodecTests {

    private final EventCodec codec = new Jackson2EventCodec();

    record Line(String item, int quantity) {
        Line {
            if (quantity < 0) {
                throw new IllegalArgumentException("a quantity is not negative");
            }
        }
    }

    record Cart(List<Line> lines, Optional<String> note, Instant at) {}

    @Test
    void writesAndReadsRecordsTimesAndOptionals() {
        Cart cart = new Cart(List.of(new Line("book", 1)), Optional.of("soon"), Instant.EPOCH);
        String json =
                "{\"at\":\"1970-01-01T00:00:00Z\",\"lines\":[{\"item\":\"book\",\"quantity\":1}],\"note\":\"soon\"}";
        assertThat(codec.write(cart)).isEqualTo(json);
        assertThat(codec.read(json, Cart.class)).isEqualTo(cart);
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
