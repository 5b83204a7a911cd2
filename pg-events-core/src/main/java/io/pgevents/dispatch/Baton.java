package io.pgevents.dispatch;

import io.pgevents.queue.ClaimedEvent;
import java.util.List;

/**
 * Passes the turn to claim on to the next worker as soon as a claim was full, so that it claims while this one handles.
 * One claims at a time: several would walk over the rows that the others are locking. Thread-safe.
 */
final class Baton implements Claimer {

    private final Claimer claimer;
    private final Runnable next;

    /**
     * A claimer for all workers of a consumer.
     *
     * @param claimer claims
     * @param next signals the next worker
     */
    Baton(Claimer claimer, Runnable next) {
        this.claimer = claimer;
        this.next = next;
    }

    @Override
    public Batch claim(int limit) {
        Batch batch = claimer.claim(limit);
        if (batch.outcome() != Outcome.FULL) {
            return batch;
        }
        next.run();
        // The end of this batch signals again only if it frees keys.
        return batch.unfinishedKeys().isEmpty() && !batch.events().isEmpty()
                ? new Batch(batch.events(), Outcome.DRAINED, batch.unfinishedKeys(), batch.begun())
                : batch;
    }

    @Override
    public void rolledBack(List<ClaimedEvent> events) {
        claimer.rolledBack(events);
    }

    @Override
    public void finished(Batch batch) {
        claimer.finished(batch);
    }
}
