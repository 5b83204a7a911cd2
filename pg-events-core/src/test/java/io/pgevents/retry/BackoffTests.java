package io.pgevents.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgevents.retry.RetryPolicy.Backoff;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BackoffTests {

    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void growsUpToItsCap() {
        Backoff backoff = new Backoff(SECOND, 3, Duration.ofSeconds(20), 0);
        assertThat(IntStream.rangeClosed(1, 5).mapToObj(attempt -> backoff.after(attempt, () -> 0.9)))
                .containsExactly(
                        SECOND,
                        SECOND.multipliedBy(3),
                        SECOND.multipliedBy(9),
                        SECOND.multipliedBy(20),
                        SECOND.multipliedBy(20));
    }

    @Test
    void survivesAnyNumberOfAttempts() {
        assertThat(new Backoff(SECOND, 10, Duration.ofDays(1), 0).after(32_767, () -> 0))
                .isEqualTo(Duration.ofDays(1));
    }

    @Test
    void spreadsByItsJitterOnBothSides() {
        Backoff backoff = new Backoff(SECOND, 1, SECOND, 0.2);
        assertThat(backoff.after(1, () -> 0)).isEqualTo(Duration.ofMillis(800));
        assertThat(backoff.after(1, () -> 0.5)).isEqualTo(SECOND);
        assertThat(backoff.after(1, () -> 1)).isEqualTo(Duration.ofMillis(1200));
    }

    @Test
    void refusesWhatMakesNoSense() {
        assertThatThrownBy(() -> new Backoff(SECOND.negated(), 1, SECOND, 0)).hasMessageContaining("negative");
        assertThatThrownBy(() -> new Backoff(SECOND, 0.9, SECOND, 0)).hasMessageContaining("multiplier");
        assertThatThrownBy(() -> new Backoff(SECOND, Double.NaN, SECOND, 0)).hasMessageContaining("multiplier");
        assertThatThrownBy(() -> new Backoff(SECOND, Double.POSITIVE_INFINITY, SECOND, 0))
                .hasMessageContaining("multiplier");
        assertThatThrownBy(() -> new Backoff(SECOND, 1, Duration.ZERO, 0))
                .hasMessageContaining("shorter than the first");
        assertThatThrownBy(() -> new Backoff(SECOND, 1, SECOND, 1.1)).hasMessageContaining("jitter");
        assertThatThrownBy(() -> new Backoff(SECOND, 1, SECOND, -0.1)).hasMessageContaining("jitter");
    }
}
