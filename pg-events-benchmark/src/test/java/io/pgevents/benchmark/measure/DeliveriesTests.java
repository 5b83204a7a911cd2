package io.pgevents.benchmark.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DeliveriesTests {

    @Test
    void countsAnEventThatCameTwiceOnce() throws InterruptedException {
        Deliveries deliveries = new Deliveries(2, 1);
        deliveries.received(0);
        deliveries.received(0);

        assertThat(deliveries.count()).isEqualTo(1);
        assertThat(deliveries.repeated()).isEqualTo(1);
        assertThat(deliveries.awaitAll(Duration.ZERO)).isFalse();
    }

    @Test
    void knowsWhenAllHaveCome() throws InterruptedException {
        Deliveries deliveries = new Deliveries(2, 1);
        deliveries.received(1);
        deliveries.received(0);

        assertThat(deliveries.awaitAll(Duration.ZERO)).isTrue();
    }

    @Test
    void leavesTheWarmUpOutOfTheRate() {
        Deliveries deliveries = new Deliveries(10, 5);
        for (int number = 0; number < 10; number++) {
            deliveries.received(number);
        }
        double inOneSecond = deliveries.rateUntil(System.nanoTime() + 1_000_000_000L, 10);

        assertThat(inOneSecond).isBetween(4.0, 5.0);
    }

    @Test
    void hasNoRateDuringTheWarmUp() {
        assertThatIllegalStateException().isThrownBy(() -> new Deliveries(10, 5).rateUntil(System.nanoTime(), 0));
    }
}
