package io.pgevents.maintenance;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long finished events are kept.
 *
 * @param done for events that were handled; zero deletes them in the statement that finishes them
 * @param failed for dead letters; null keeps them until somebody replays or deletes them
 */
public record Retention(Duration done, @Nullable Duration failed) {

    /** Handled events for a day, dead letters without an end. */
    public static final Retention DEFAULT = new Retention(Duration.ofDays(1), null);

    public Retention {
        if (done.isNegative() || (failed != null && failed.isNegative())) {
            throw new IllegalArgumentException("A retention must not be negative: done " + done + ", failed " + failed);
        }
    }

    /** Whether handled events are kept at all. */
    public boolean keepsDone() {
        return !done.isZero();
    }
}
