package io.pgevents.queue;

import io.pgevents.EventMetadata;
import io.pgevents.subscription.EventHandler.RawEvent;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/**
 * An event that is locked or leased for this instance.
 *
 * @param event what the handler gets; its attempt is the one to be made now
 * @param attemptCount the column at the time of the claim
 * @param position where it stands
 * @param orderingKey the column; empty, not null, where an ordered subscription got no key
 * @param owner the fencing token of its lease, or null in transactional mode
 */
public record ClaimedEvent(
        RawEvent event,
        int attemptCount,
        Position position,
        @Nullable String orderingKey,
        @Nullable String owner) {

    /** The row. */
    public long id() {
        return event.metadata().id();
    }

    /** What is known of the event. */
    public EventMetadata metadata() {
        return event.metadata();
    }

    /** Whether its attempts were used up before the claim, so that none is left to be made now. */
    public boolean isExhausted() {
        return metadata().attempt() > metadata().maxAttempts();
    }

    ClaimedEvent leasedBy(String newOwner) {
        return new ClaimedEvent(event, attemptCount + 1, position, orderingKey, newOwner);
    }

    /** With its attempt counted in the row already. */
    ClaimedEvent counted() {
        return new ClaimedEvent(event, attemptCount + 1, position, orderingKey, owner);
    }

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

        /** The due time as the server reads it; it does not read Java's years before the first. */
        public String timeText() {
            return processAt == null || processAt.getYear() < 1 ? "-infinity" : processAt.toString();
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
}
