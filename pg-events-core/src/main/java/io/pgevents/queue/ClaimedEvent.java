package io.pgevents.queue;

import io.pgevents.EventMetadata;
import io.pgevents.subscription.RawEvent;
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

    ClaimedEvent leasedBy(String newOwner) {
        return new ClaimedEvent(event, attemptCount + 1, position, orderingKey, newOwner);
    }

    /** With its attempt counted in the row already. */
    ClaimedEvent counted() {
        return new ClaimedEvent(event, attemptCount + 1, position, orderingKey, owner);
    }
}
