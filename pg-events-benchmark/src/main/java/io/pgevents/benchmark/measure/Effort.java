package io.pgevents.benchmark.measure;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How much is spent on a run.
 *
 * @param quick under a minute for each scenario, to see that it works; otherwise under ten minutes
 * @param soak how long the footprint is watched, or null for the usual time
 * @param workers how many events a contestant may handle at the same time
 */
public record Effort(boolean quick, @Nullable Duration soak, int workers) {

    /** One of two numbers. */
    public int pick(int whenQuick, int whenFull) {
        return quick ? whenQuick : whenFull;
    }

    /** One of two times, in seconds. */
    public Duration seconds(double whenQuick, double whenFull) {
        return Duration.ofMillis(Math.round((quick ? whenQuick : whenFull) * 1000));
    }

    /** The time in which the rounds of a scenario have to be over. */
    public Duration budget() {
        return seconds(42, 510);
    }
}
