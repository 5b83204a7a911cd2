package io.pgevents.benchmark.report;

import org.jspecify.annotations.Nullable;

/**
 * One number that says how good pg-events is; ratios are ours divided by the reference.
 *
 * @param name its stable name
 * @param value the value
 * @param unit the unit, one word
 * @param goal what it should be, or null
 */
public record Figure(
        String name, double value, String unit, @Nullable Goal goal) {

    /** Whether it has a goal that it does not reach. */
    boolean isMissed() {
        return goal != null && !goal.isReachedBy(value);
    }

    /** Whether it is as good as it should be; "-" without a goal. */
    String verdict() {
        if (goal == null) {
            return "-";
        }
        return isMissed() ? "NO" : "yes";
    }

    String target() {
        return goal == null ? "-" : goal.toString();
    }
}
