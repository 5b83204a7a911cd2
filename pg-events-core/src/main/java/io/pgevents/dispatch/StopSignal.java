package io.pgevents.dispatch;

/** Says how a consumer ends: no new event is begun once it drains, and nothing counts once it aborts. Thread-safe. */
final class StopSignal {

    private volatile boolean draining;
    private volatile boolean aborting;

    void drain() {
        draining = true;
    }

    void abort() {
        draining = true;
        aborting = true;
    }

    /** Whether no further event may be begun. */
    boolean isDraining() {
        return draining;
    }

    /** Whether handlers are interrupted: a failure now is no failure of the event. */
    boolean isAborting() {
        return aborting;
    }
}
