package io.pgevents;

import java.util.UUID;

/**
 * The explicit result of a publish.
 *
 * @param eventId the id of the event; for a duplicate, the id of the refused one
 * @param outcome whether it was stored
 * @param deliveries the durable subscriptions it goes to; 0 for an event that has only live listeners, for one that waits
 *     for its first subscription, and for a duplicate
 */
public record PublishReceipt(UUID eventId, Outcome outcome, int deliveries) {

    /** What became of a published event. */
    public enum Outcome {
        /** Stored in the caller's transaction for every subscription of its topic, and in the live log if it has listeners. */
        PUBLISHED,
        /** Stored; no subscription has its topic yet, and it waits for the first one. After ten minutes the log warns. */
        WAITING,
        /** Not stored: an event with the same topic and de-duplication key was published within the window. */
        DUPLICATE
    }

    /** Whether the event was refused because of its de-duplication key. */
    public boolean isDuplicate() {
        return outcome == Outcome.DUPLICATE;
    }
}
