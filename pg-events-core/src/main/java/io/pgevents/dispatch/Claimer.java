package io.pgevents.dispatch;

import io.pgevents.queue.ClaimedEvent;
import java.util.List;

/** Claims batches of one subscription, in the caller's transaction. Thread-safe. */
interface Claimer {

    /**
     * What a claim has found.
     *
     * @param events locked for the running transaction, in the order of their handling
     * @param outcome whether there may be more
     */
    record Batch(List<ClaimedEvent> events, Outcome outcome) {}

    /** Locks up to so many events. */
    Batch claim(int limit);

    /** The transaction was rolled back: the events are free again. */
    void rolledBack(List<ClaimedEvent> events);

    /** The events are over, and that is committed. */
    void finished(List<ClaimedEvent> events);
}
