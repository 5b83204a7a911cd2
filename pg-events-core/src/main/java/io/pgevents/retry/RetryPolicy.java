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

    /** Ten attempts over about an hour and a half: 1 s, 3 s, 9 s ... at most 30 min, with 20 % jitter. */
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
}
