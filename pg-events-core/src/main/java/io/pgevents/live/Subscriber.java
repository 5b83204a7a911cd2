package io.pgevents.live;

import io.pgevents.channel.Waiting;
import io.pgevents.live.LogPage.Row;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A listener among the listeners of the tail. While what it has missed is replayed by the thread that registers it, what
 * the tail finds waits here; afterwards the tail hands over directly. What both have found is handed over once: all that
 * the replay has seen is left out, until the tail has gone beyond it.
 */
final class Subscriber implements LiveFeed.Registration {

    private static final Logger log = LoggerFactory.getLogger(Subscriber.class);
    private static final int MOST_WAITING = 10_000;
    private static final long MOST_BYTES = 16L << 20;

    private final TopicFilter filter;
    private final LiveListener listener;
    private final Runnable afterClose;
    private final Waiting<Call> waiting = new Waiting<>(new Call(this::gap, 0), MOST_WAITING, MOST_BYTES, Call::bytes);
    private boolean replaying = true;
    private @Nullable Position replayed;
    private volatile boolean quiet = true;
    private volatile boolean closed;

    /** A call of the listener, and about how much memory its event takes. */
    private record Call(Runnable task, long bytes) {}

    Subscriber(TopicFilter filter, LiveListener listener, Runnable afterClose) {
        this.filter = filter;
        this.listener = listener;
        this.afterClose = afterClose;
    }

    TopicFilter filter() {
        return filter;
    }

    boolean isClosed() {
        return closed;
    }

    /** The tail has found an event in a read. */
    void hear(Row row, Position read) {
        if (closed || !filter.matches(row.event().topic())) {
            return;
        }
        if (!keepWaiting(row, read)) {
            hand(row, read);
        }
    }

    private synchronized boolean keepWaiting(Row row, Position read) {
        if (replaying) {
            boolean unused =
                    waiting.add(new Call(() -> hand(row, read), row.event().bytes()));
        }
        return replaying;
    }

    /** The tail may have missed something. */
    void miss() {
        if (!keepGapWaiting()) {
            gap();
        }
    }

    private synchronized boolean keepGapWaiting() {
        if (replaying) {
            waiting.addGap();
        }
        return replaying;
    }

    /**
     * The tail has found all up to a position between two reads. The listener is told so if it has not received anything
     * since the last time.
     */
    void reach(Position upto) {
        if (closed || !isBeyondReplay(upto)) {
            return;
        }
        if (quiet) {
            guarded(() -> listener.reached(upto.cursor()));
        }
        quiet = true;
    }

    private synchronized boolean isBeyondReplay(Position upto) {
        return !replaying && (replayed == null || upto.beginsBeyond(replayed));
    }

    /** The tail has missed something because the server is another one, and goes on from a position in that. */
    void startOver(Position now) {
        synchronized (this) {
            if (replayed != null && !now.beginsBeyond(replayed)) {
                // Its transaction ids are given a second time.
                replayed = null;
            }
        }
        miss();
    }

    /** All up to a position between two reads is replayed, or known to be missed. */
    synchronized void replayIs(Position upto) {
        replayed = upto;
    }

    /** Hands over what has waited, and lets the tail do it from now on. */
    void endReplay() {
        for (Call next = next(); next != null; next = next()) {
            next.task().run();
        }
    }

    /** While the last one is handed over, the tail has to wait as well. */
    private synchronized @Nullable Call next() {
        Call next = waiting.next();
        replaying = next != null;
        return next;
    }

    private void hand(Row row, Position read) {
        Position seen = replayedBefore(read);
        if (seen == null || !seen.isOfLife(read)) {
            receive(row.event());
        } else if (!seen.upto().sees(row.transaction())) {
            receive(row.seenAfter(seen, read.upto()));
        }
    }

    private synchronized @Nullable Position replayedBefore(Position read) {
        if (replayed != null && read.beginsBeyond(replayed)) {
            replayed = null;
        }
        return replayed;
    }

    void receive(LiveEvent event) {
        if (!closed) {
            quiet = false;
            guarded(() -> listener.received(event));
        }
    }

    void gap() {
        if (!closed) {
            guarded(listener::gap);
        }
    }

    private void guarded(Runnable call) {
        boolean interruptedBefore = Thread.currentThread().isInterrupted();
        try {
            call.run();
        } catch (RuntimeException | Error ex) {
            log.error("A live listener failed; it gets the next event nevertheless: {}", listener, ex);
        } finally {
            // What a listener leaves behind is not meant for the next one; what the registering thread came with stays.
            if (!interruptedBefore) {
                Thread.interrupted();
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        afterClose.run();
    }
}
