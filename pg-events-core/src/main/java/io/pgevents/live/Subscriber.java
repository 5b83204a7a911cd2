package io.pgevents.live;

import io.pgevents.live.LogPage.Row;
import java.util.ArrayDeque;
import java.util.Queue;
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

    private final TopicFilter filter;
    private final LiveListener listener;
    private final Runnable afterClose;
    private final Queue<Heard> waiting = new ArrayDeque<>();
    private boolean replaying = true;
    private boolean overflown;
    private @Nullable Position replayed;
    private volatile boolean closed;

    private record Heard(Row row, Position read) {}

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
        Heard heard = new Heard(row, read);
        if (!keepWaiting(heard)) {
            hand(heard);
        }
    }

    private synchronized boolean keepWaiting(Heard heard) {
        if (replaying && waiting.size() >= MOST_WAITING) {
            waiting.clear();
            overflown = true;
        }
        return replaying && waiting.add(heard);
    }

    /** The tail may have missed something. */
    void miss() {
        synchronized (this) {
            if (replaying) {
                overflown = true;
                return;
            }
        }
        gap();
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
        for (Heard next = next(); next != null; next = next()) {
            hand(next);
        }
    }

    private @Nullable Heard next() {
        boolean missed;
        Heard next;
        synchronized (this) {
            missed = overflown;
            overflown = false;
            next = waiting.poll();
            // If a gap is to be told first, the tail has to wait for that as well.
            replaying = next != null || missed;
        }
        if (missed) {
            gap();
            return next == null ? next() : next;
        }
        return next;
    }

    private void hand(Heard heard) {
        Position seen = replayedBefore(heard.read());
        if (seen == null || !seen.isOfLife(heard.read())) {
            receive(heard.row().event());
        } else if (!seen.upto().sees(heard.row().transaction())) {
            receive(heard.row().seenAfter(seen, heard.read().upto()));
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
            guarded(() -> listener.received(event));
        }
    }

    void gap() {
        if (!closed) {
            guarded(listener::gap);
        }
    }

    private void guarded(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException | Error ex) {
            log.error("A live listener failed; it gets the next event nevertheless: {}", listener, ex);
        }
    }

    @Override
    public void close() {
        closed = true;
        afterClose.run();
    }
}
