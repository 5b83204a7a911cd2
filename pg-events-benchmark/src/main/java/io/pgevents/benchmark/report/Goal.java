package io.pgevents.benchmark.report;

import java.util.Locale;

/**
 * What a figure should be.
 *
 * @param isLeast whether the bound is the least or the most
 * @param bound the bound, which is good enough itself
 */
public record Goal(boolean isLeast, double bound) {

    /** The figure should not be less. */
    public static Goal atLeast(double bound) {
        return new Goal(true, bound);
    }

    /** The figure should not be more. */
    public static Goal atMost(double bound) {
        return new Goal(false, bound);
    }

    /** Reads what {@link #toString()} writes. */
    static Goal parse(String text) {
        return new Goal(text.startsWith(">="), Double.parseDouble(text.substring(2)));
    }

    /** Whether a value is good enough. */
    public boolean isReachedBy(double value) {
        return isLeast ? value >= bound : value <= bound;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%s %s", isLeast ? ">=" : "<=", Numbers.plain(bound));
    }
}
