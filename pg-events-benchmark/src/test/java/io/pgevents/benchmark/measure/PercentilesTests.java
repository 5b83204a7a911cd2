package io.pgevents.benchmark.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PercentilesTests {

    private final Percentiles hundred =
            new Percentiles(LongStream.rangeClosed(1, 100).toArray());

    @Test
    void areTimesThatWereMeasured() {
        assertThat(hundred.at(50)).isEqualTo(50);
        assertThat(hundred.at(99)).isEqualTo(99);
    }

    @Test
    void beginWithTheLeastAndEndWithTheMost() {
        assertThat(hundred.at(0)).isEqualTo(1);
        assertThat(hundred.at(100)).isEqualTo(100);
    }

    @Test
    void doNotDependOnTheOrder() {
        assertThat(new Percentiles(new long[] {3, 1, 2}).at(50)).isEqualTo(2);
    }

    @Test
    void needATime() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Percentiles(new long[0]));
    }
}
