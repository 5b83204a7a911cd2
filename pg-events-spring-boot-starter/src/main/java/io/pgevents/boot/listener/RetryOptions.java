package io.pgevents.boot.listener;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What was said about retries in one place; null for what was not.
 *
 * @param maxAttempts Attempts an event may have, the first included.
 * @param delay Delay after the first failure.
 * @param multiplier What the delay is multiplied by after each further failure; at least 1.
 * @param maxDelay Longest delay.
 * @param jitter Share of the delay that is random, from 0 to 1.
 */
public record RetryOptions(
        @Nullable Integer maxAttempts,
        @Nullable Duration delay,
        @Nullable Double multiplier,
        @Nullable Duration maxDelay,
        @Nullable Double jitter) {

    static final RetryOptions NONE = new RetryOptions(null, null, null, null, null);

    RetryOptions orElse(RetryOptions other) {
        return new RetryOptions(
                Options.first(maxAttempts, other.maxAttempts),
                Options.first(delay, other.delay),
                Options.first(multiplier, other.multiplier),
                Options.first(maxDelay, other.maxDelay),
                Options.first(jitter, other.jitter));
    }
}
