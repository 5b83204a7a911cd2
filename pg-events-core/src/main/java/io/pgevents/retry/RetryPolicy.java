package io.pgevents.retry;

import io.pgevents.PayloadConversionException;
import io.pgevents.RejectEventException;
import java.time.Duration;
import java.util.Set;
import java.util.function.DoubleSupplier;

/**
 * Decides what follows a failed attempt. Immutable.
 *
 * @param maxAttempts the attempts an event may have, the first included
 * @param backoff the delays between them
 * @param includes if not empty, only these exceptions are worth another attempt
 * @param excludes these exceptions are never worth another attempt
 */
public record RetryPolicy(
        int maxAttempts,
        Backoff backoff,
        Set<Class<? extends Throwable>> includes,
        Set<Class<? extends Throwable>> excludes) {

    /** Ten attempts over about an hour and a quarter: 1 s, 3 s, 9 s ... at most 30 min, with 20 % jitter. */
    public static final RetryPolicy DEFAULT =
            new RetryPolicy(10, new Backoff(Duration.ofSeconds(1), 3, Duration.ofMinutes(30), 0.2), Set.of(), Set.of());

    public RetryPolicy {
        if (maxAttempts < 1 || maxAttempts > Short.MAX_VALUE) {
            throw new IllegalArgumentException("The attempts of an event must be 1 to 32767: " + maxAttempts);
        }
        includes = Set.copyOf(includes);
        excludes = Set.copyOf(excludes);
    }

    /**
     * What follows a failed attempt.
     *
     * @param attempt the number of the failed attempt, from 1
     * @param allowed the attempts of this event
     * @param failure what the handler threw
     * @param random values from 0 to 1, for the jitter
     */
    public RetryDecision decide(int attempt, int allowed, Throwable failure, DoubleSupplier random) {
        if (attempt >= allowed || !isWorthAnotherAttempt(failure)) {
            return new RetryDecision.GiveUp();
        }
        return new RetryDecision.RetryAfter(backoff.after(attempt, random));
    }

    private boolean isWorthAnotherAttempt(Throwable failure) {
        if (failure instanceof PayloadConversionException || hasCause(failure, RejectEventException.class)) {
            return false;
        }
        if (excludes.stream().anyMatch(type -> hasCause(failure, type))) {
            return false;
        }
        return includes.isEmpty() || includes.stream().anyMatch(type -> hasCause(failure, type));
    }

    private static boolean hasCause(Throwable failure, Class<? extends Throwable> type) {
        Throwable each = failure;
        for (int depth = 0; each != null && depth < 50; depth++) {
            if (type.isInstance(each)) {
                return true;
            }
            each = each.getCause();
        }
        return false;
    }

    /** What follows a failed attempt. */
    public sealed interface RetryDecision {

        /** Another attempt, after a delay. */
        record RetryAfter(Duration delay) implements RetryDecision {}

        /** No further attempt: the event becomes a dead letter. */
        record GiveUp() implements RetryDecision {}
    }

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
}
