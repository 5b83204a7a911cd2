package io.pgevents.benchmark.contestant;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgevents.codec.Jackson2EventCodec;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PayloadTests {

    @ParameterizedTest
    @ValueSource(ints = {0, 500, 1_001, 199_999, 10_000_000})
    void hasTheSameLengthForEachEvent(int number) {
        assertThat(Payload.json(number)).hasSize(Payload.BYTES);
        assertThat(new Jackson2EventCodec().write(Payload.of(number))).hasSize(Payload.BYTES);
    }
}
