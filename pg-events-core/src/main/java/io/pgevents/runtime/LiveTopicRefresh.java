package io.pgevents.runtime;

import io.pgevents.dispatch.Dispatcher;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/**
 * Keeps the live topics of this instance known to all: every hour, and when it comes back from where it may have been for
 * so long that they were forgotten. On the thread of the maintenance; thread-safe.
 */
final class LiveTopicRefresh {

    private static final String WHAT = "The refresh of live topics";
    private static final Duration EVERY = Duration.ofHours(1);

    private final Dispatcher dispatcher;
    private final BooleanSupplier refresh;
    private final Runnable forgotten;
    private final AtomicBoolean waiting = new AtomicBoolean();

    /**
     * For one run.
     *
     * @param refresh names the topics; whether one of them had been forgotten
     * @param forgotten tells listeners that events are missing that nobody has written to the log
     */
    LiveTopicRefresh(Dispatcher dispatcher, BooleanSupplier refresh, Runnable forgotten) {
        this.dispatcher = dispatcher;
        this.refresh = refresh;
        this.forgotten = forgotten;
    }

    /** Begins; the topics were named by the start. */
    void start() {
        dispatcher.maintain(WHAT, EVERY, this::run);
    }

    /** The connection or the log was away for a while. Does not wait. */
    void soon() {
        if (waiting.compareAndSet(false, true)) {
            dispatcher.maintainOnce(WHAT, () -> {
                waiting.set(false);
                run();
            });
        }
    }

    private void run() {
        if (refresh.getAsBoolean()) {
            forgotten.run();
        }
    }
}
