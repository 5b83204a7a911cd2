package io.pgevents.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgevents.PayloadConversionException;
import io.pgevents.RejectEventException;
import io.pgevents.retry.RetryPolicy.Backoff;
import io.pgevents.retry.RetryPolicy.RetryDecision;
import io.pgevents.retry.RetryPolicy.RetryDecision.GiveUp;
import io.pgevents.retry.RetryPolicy.RetryDecision.RetryAfter;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RetryPolicyTests {

    private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(1), 2, Duration.ofSeconds(8), 0);

    @Test
    void countsTheAttemptsOfTheEventAndNotItsOwn() {
        RetryPolicy policy = policy(Set.of(), Set.of());
        assertThat(decide(policy, 1, 2, new IOException())).isEqualTo(new RetryAfter(Duration.ofSeconds(1)));
        assertThat(decide(policy, 2, 2, new IOException())).isEqualTo(new GiveUp());
        assertThat(decide(policy, 3, 2, new IOException())).isEqualTo(new GiveUp());
        assertThat(decide(policy, 3, 4, new IOException())).isEqualTo(new RetryAfter(Duration.ofSeconds(4)));
    }

    @Test
    void neverRetriesWhatWasRejectedOrCannotBeConverted() {
        RetryPolicy policy = policy(Set.of(RuntimeException.class), Set.of());
        assertThat(decide(policy, 1, 9, new RejectEventException("no"))).isEqualTo(new GiveUp());
        assertThat(decide(policy, 1, 9, new IllegalStateException(new RejectEventException("no"))))
                .isEqualTo(new GiveUp());
        assertThat(decide(policy, 1, 9, new PayloadConversionException("no", null)))
                .isEqualTo(new GiveUp());
        assertThat(decide(policy, 1, 9, new IllegalStateException())).isInstanceOf(RetryAfter.class);
    }

    @Test
    void looksForSubclassesAndCauses() {
        RetryPolicy including = policy(Set.of(IOException.class), Set.of());
        assertThat(decide(including, 1, 9, new FileNotFoundException())).isInstanceOf(RetryAfter.class);
        assertThat(decide(including, 1, 9, new UncheckedIOException(new IOException())))
                .isInstanceOf(RetryAfter.class);
        assertThat(decide(including, 1, 9, new IllegalStateException())).isEqualTo(new GiveUp());
        RetryPolicy excluding = policy(Set.of(), Set.of(IOException.class));
        assertThat(decide(excluding, 1, 9, new FileNotFoundException())).isEqualTo(new GiveUp());
        assertThat(decide(excluding, 1, 9, new UncheckedIOException(new IOException())))
                .isEqualTo(new GiveUp());
        assertThat(decide(excluding, 1, 9, new IllegalStateException())).isInstanceOf(RetryAfter.class);
    }

    @Test
    void letsAnExclusionGoFirst() {
        RetryPolicy policy = policy(Set.of(IOException.class), Set.of(FileNotFoundException.class));
        assertThat(decide(policy, 1, 9, new IOException())).isInstanceOf(RetryAfter.class);
        assertThat(decide(policy, 1, 9, new FileNotFoundException())).isEqualTo(new GiveUp());
    }

    @Test
    void endsWithCircularCauses() {
        Exception one = new IllegalStateException();
        Exception two = new IllegalStateException(one);
        one.initCause(two);
        assertThat(decide(policy(Set.of(), Set.of(IOException.class)), 1, 9, one))
                .isInstanceOf(RetryAfter.class);
    }

    @Test
    void refusesImpossibleNumbersOfAttempts() {
        assertThatThrownBy(() -> new RetryPolicy(0, BACKOFF, Set.of(), Set.of()))
                .hasMessageContaining("1 to 32767: 0");
        assertThatThrownBy(() -> new RetryPolicy(40_000, BACKOFF, Set.of(), Set.of()))
                .hasMessageContaining("40000");
    }

    private static RetryPolicy policy(
            Set<Class<? extends Throwable>> includes, Set<Class<? extends Throwable>> excludes) {
        return new RetryPolicy(2, BACKOFF, includes, excludes);
    }

    private static RetryDecision decide(RetryPolicy policy, int attempt, int allowed, Throwable failure) {
        return policy.decide(attempt, allowed, failure, () -> 0.5);
    }
}
