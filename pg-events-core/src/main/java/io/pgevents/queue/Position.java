package io.pgevents.queue;

import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/**
 * A place in the order of the claim, within one priority.
 *
 * @param processAt the due time with the server's precision, or null for the very beginning
 * @param id the row
 */
public record Position(@Nullable OffsetDateTime processAt, long id) implements Comparable<Position> {

    /** Before every event. */
    public static final Position START = new Position(null, -1);

    @Override
    public int compareTo(Position other) {
        if (processAt == null || other.processAt == null) {
            return Boolean.compare(processAt != null, other.processAt != null);
        }
        int byTime = processAt.toInstant().compareTo(other.processAt.toInstant());
        return byTime != 0 ? byTime : Long.compare(id, other.id);
    }

    /** The place just before this one. */
    public Position justBefore() {
        return new Position(processAt, id - 1);
    }

    /** The due time as the server reads it. */
    public String timeText() {
        return processAt == null ? "-infinity" : processAt.toString();
    }

    /** The earlier of two places. */
    public static Position min(Position a, Position b) {
        return a.compareTo(b) <= 0 ? a : b;
    }

    /** The later of two places. */
    public static Position max(Position a, Position b) {
        return a.compareTo(b) >= 0 ? a : b;
    }
}
