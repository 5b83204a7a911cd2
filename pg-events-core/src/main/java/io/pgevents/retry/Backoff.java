package io.pgevents.retry;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * Exponential backoff with a cap and jitter: the delay after attempt n is {@code delay * multiplier^(n-1)}, at most
 * {@code maxDelay}, times a random factor of {@code 1 - jitter} to {@code 1 + jitter}.
 *
 * @param delay the delay after the first failure; not negative
 * @param multiplier at least 1
 * @param maxDelay the longest delay before jitter; not less than the delay
 * @param jitter the random share, 0 to 1
 */
public record Backoff(Duration delay, double multiplier, Duration maxDelay, double jitter) {

    public Backoff {
        if (delay.isNegative()) {
            throw new IllegalArgumentException("The delay of a retry is negative: " + delay);
        }
        if (!(multiplier >= 1) || Double.isInfinite(multiplier)) {
            throw new IllegalArgumentException("The multiplier of a retry must be at least 1: " + multiplier);
        }
        if (maxDelay.compareTo(delay) < 0) {
            throw new IllegalArgumentException(
                    "The longest delay of a retry (" + maxDelay + ") is shorter than the first (" + delay + ")");
        }
        if (!(jitter >= 0 && jitter <= 1)) {
            throw new IllegalArgumentException("The jitter of a retry must be between 0 and 1: " + jitter);
        }
    }

    /**
     * The delay after a failed attempt.
     *
     * @param attempt the number of the failed attempt, from 1
     * @param random values from 0 to 1
     */
    public Duration after(int attempt, DoubleSupplier random) {
        double exact = (double) delay.toMillis() * Math.pow(multiplier, attempt - 1);
        double capped = Math.min(exact, (double) maxDelay.toMillis());
        double factor = 1 - jitter + 2 * jitter * random.getAsDouble();
        return Duration.ofMillis(Math.round(capped * factor));
    }
}
