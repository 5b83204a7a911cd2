package io.pgevents.relay;

import io.pgevents.live.LiveCursor;
import io.pgevents.relay.RelayStream.Overflow;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * What waits for one client, bounded. A byte array that is put in is held, not copied. Thread-safe; nothing in here
 * waits. Who took the last frame is told, once, when there is something again.
 */
final class Outbox {

    private final FrameEncoder encoder;
    private final RelayStream.Queue limits;
    private final Budget budget;
    private final Deque<byte[]> opening = new ArrayDeque<>();
    private final WaitingFrames waiting;
    private long lastNumber;
    private boolean cursorLeftOut;
    private boolean lost;
    private @Nullable LiveCursor lostUpTo;
    private boolean heartbeatDue;
    private byte @Nullable [] last;
    private boolean idle;
    private boolean ended;
    private boolean attached;
    private long touched;

    /** A place up to which the trunk has offered everything. */
    record Position(long number, @Nullable LiveCursor cursor) {

        static final Position UNKNOWN = new Position(0, null);
    }

    /** What has become of an offer. */
    enum Answer {
        QUEUED,
        QUEUED_AND_WAKE,
        FULL
    }

    Outbox(FrameEncoder encoder, RelayStream.Queue limits, Budget budget) {
        this.encoder = encoder;
        this.limits = limits;
        this.budget = budget;
        this.waiting = new WaitingFrames(limits, budget);
    }

    /** To be sent before all events; false if there is no room. */
    synchronized boolean open(byte[] frame) {
        if (ended) {
            return true;
        }
        if (!budget.take(frame.length)) {
            return false;
        }
        opening.add(frame);
        return true;
    }

    /** What comes until the end of the replay is not bounded by the queue of the stream, which is meant for live events. */
    synchronized void beginReplay() {
        waiting.beginReplay();
    }

    /** The replay is over; true if the client is to be told of a gap. */
    synchronized boolean endReplay() {
        waiting.endReplay();
        return lost || waiting.hasGap();
    }

    /** Whoever reads the state again at the gap of its replay has everything up to here. */
    synchronized void resumedAt(LiveCursor cursor) {
        waiting.lastGapIsUpTo(cursor);
    }

    /** There is somebody who takes the frames from now on. */
    synchronized void attached() {
        attached = true;
        touched = System.nanoTime();
    }

    /** Everything up to a position is known to the client, or was never meant for it. */
    synchronized void startAt(Position position) {
        lastNumber = Math.max(lastNumber, position.number());
    }

    synchronized Answer offer(RelayEvent event) {
        if (ended) {
            return Answer.QUEUED;
        }
        Object slot = limits.overflow() == Overflow.LATEST_PER_KEY ? event.slot() : new Object();
        // The newer one takes the place of the older, so that a key that changes all the time gets its turn.
        if (waiting.has(slot) && waiting.replace(slot, event.frame(encoder, false))) {
            cursorLeftOut = true;
            return queued();
        }
        byte[] frame = event.frame(encoder, true);
        while (!waiting.add(slot, frame, event.event().cursor())) {
            if (limits.overflow() == Overflow.DISCONNECT) {
                return Answer.FULL;
            }
            if (waiting.isEmpty()) {
                lose(event.event().cursor());
                return queued();
            }
            dropOldest();
        }
        lastNumber = Math.max(lastNumber, event.number());
        return queued();
    }

    /** Something is missing behind what waits already, before what comes. */
    synchronized Answer gap() {
        if (!ended && (!lost || !waiting.isEmpty())) {
            waiting.addGap();
        }
        return queued();
    }

    synchronized Answer heartbeat() {
        heartbeatDue = !ended;
        return queued();
    }

    /** Nothing more is taken, nothing of what waits is sent, but the last frame. */
    synchronized Answer end(byte @Nullable [] farewell) {
        if (ended) {
            return Answer.QUEUED;
        }
        clear();
        ended = true;
        last = farewell;
        return queued();
    }

    /** Nothing more is taken; what waits is still sent, so that whoever comes back has got further. */
    synchronized Answer finish() {
        ended = true;
        heartbeatDue = false;
        return queued();
    }

    synchronized void clear() {
        opening.forEach(frame -> budget.giveBack(frame.length));
        opening.clear();
        waiting.clear();
        lost = false;
        heartbeatDue = false;
        last = null;
    }

    /** The next frame, or null if there is none now; then a later offer says that it wakes. */
    synchronized byte @Nullable [] poll(Position position) {
        touched = System.nanoTime();
        byte[] next = next(position);
        idle = next == null;
        return next;
    }

    private byte @Nullable [] next(Position position) {
        byte[] first = opening.poll();
        if (first != null) {
            budget.giveBack(first.length);
            return first;
        }
        if (lost) {
            return frontGap();
        }
        WaitingFrames.Entry oldest = waiting.poll();
        if (oldest != null) {
            byte[] frame = oldest.frame();
            if (frame == null) {
                return gapInPlace(oldest.cursor(), position);
            }
            budget.sent.increment();
            return frame;
        }
        return heartbeatDue ? nextHeartbeat(position) : takeLast();
    }

    private byte[] frontGap() {
        LiveCursor upTo = lostUpTo;
        lost = false;
        lostUpTo = null;
        budget.gaps.increment();
        return encoder.gap(upTo);
    }

    /** Names where whoever reads the state again has got to; if events follow, they do. */
    private byte[] gapInPlace(@Nullable LiveCursor upTo, Position position) {
        LiveCursor restart = null;
        if (waiting.isEmpty()) {
            LiveCursor newer = newer(position);
            restart = newer == null ? upTo : newer;
        }
        budget.gaps.increment();
        return encoder.gap(restart);
    }

    private byte[] nextHeartbeat(Position position) {
        heartbeatDue = false;
        return encoder.heartbeat(newer(position));
    }

    /** The cursor of a position, if the client that was sent everything has an older one. */
    private @Nullable LiveCursor newer(Position position) {
        LiveCursor cursor = position.number() > lastNumber || cursorLeftOut ? position.cursor() : null;
        if (cursor != null) {
            cursorLeftOut = false;
            startAt(position);
        }
        return cursor;
    }

    private byte @Nullable [] takeLast() {
        byte[] farewell = last;
        last = null;
        return farewell;
    }

    synchronized boolean isEnded() {
        return ended && opening.isEmpty() && waiting.isEmpty() && !lost && last == null;
    }

    /** Whether something has waited since a moment and nobody came for it. */
    synchronized boolean isStuckSince(long nanos) {
        return attached && !idle && touched - nanos < 0;
    }

    private void dropOldest() {
        WaitingFrames.Entry oldest = waiting.poll();
        if (oldest != null && oldest.frame() != null) {
            lose(oldest.cursor());
        } else {
            // A gap that waited is told of by the one in front, which has no better cursor.
            lost = true;
        }
    }

    /** The gap stands in front of all that waits; up to there the client has got everything else. */
    private void lose(@Nullable LiveCursor cursor) {
        lost = true;
        lostUpTo = cursor == null ? lostUpTo : cursor;
        budget.dropped.increment();
    }

    private Answer queued() {
        boolean wake = idle;
        idle = false;
        if (wake) {
            // It had everything: its time to take this begins now.
            touched = System.nanoTime();
        }
        return wake ? Answer.QUEUED_AND_WAKE : Answer.QUEUED;
    }
}
