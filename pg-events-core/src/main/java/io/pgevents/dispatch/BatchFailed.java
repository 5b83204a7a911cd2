package io.pgevents.dispatch;

import io.pgevents.queue.ClaimedEvent;

/** Rolls a batch back because a handler has thrown. Without a stack trace: the cause has one. */
final class BatchFailed extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient ClaimedEvent event;
    private final boolean alone;

    /**
     * A failed batch.
     *
     * @param event the one that failed, or the first of a handler of several
     * @param alone whether no other event was handled in the transaction before it or with it
     */
    BatchFailed(ClaimedEvent event, boolean alone, Throwable cause) {
        super(cause.toString(), cause, false, false);
        this.event = event;
        this.alone = alone;
    }

    ClaimedEvent event() {
        return event;
    }

    boolean isAlone() {
        return alone;
    }

    Throwable failure() {
        Throwable cause = getCause();
        return cause == null ? this : cause;
    }
}
