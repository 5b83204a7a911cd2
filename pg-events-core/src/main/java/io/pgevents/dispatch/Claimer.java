package io.pgevents.dispatch;

import io.pgevents.queue.ClaimedEvent;
import java.util.List;
import java.util.Set;

/** Claims batches of one subscription, in the caller's transaction. Thread-safe. */
interface Claimer {

    /**
     * What a claim has found.
     *
     * @param events locked for the running transaction, in the order of their handling
     * @param outcome whether there may be more
     * @param unfinishedKeys keys that may have more events after these
     * @param begun the moment before the claim, as the claimer counts
     */
    record Batch(List<ClaimedEvent> events, Outcome outcome, Set<String> unfinishedKeys, long begun) {

        /** Nothing was looked for. */
        static final Batch NONE = of(List.of(), Outcome.IDLE);

        static Batch of(List<ClaimedEvent> events, Outcome outcome) {
            return new Batch(events, outcome, Set.of(), 0);
        }

        Batch with(List<ClaimedEvent> others) {
            return new Batch(others, outcome, unfinishedKeys, begun);
        }
    }

    /** Locks up to so many events. */
    Batch claim(int limit);

    /** The transaction was rolled back: the events are free again. */
    void rolledBack(List<ClaimedEvent> events);

    /** The events of a batch are over, and that is committed; under a lease, some may have failed and wait. */
    void finished(Batch batch);
}
