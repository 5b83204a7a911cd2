package io.pgevents.relay;

import io.pgevents.live.LiveCursor;
import io.pgevents.relay.RelayStream.Overflow;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
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
    private final Map<Object, byte[]> frames = new LinkedHashMap<>();
    private long bytes;
    private long lastNumber;
    private boolean cursorLeftOut;
    private boolean gapDue;
    private boolean heartbeatDue;
    private boolean idle;
    private boolean ended;
    private long touched = System.nanoTime();

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
    }

    /** To be sent before all events. It is not refused: each client has at most a few of these. */
    synchronized void open(byte[] frame) {
        opening.add(frame);
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
        if (replace(slot, event)) {
            return queued();
        }
        byte[] frame = event.frame(encoder, true);
        while (!reserve(frame.length)) {
            if (limits.overflow() == Overflow.DISCONNECT) {
                return Answer.FULL;
            }
            if (frames.isEmpty()) {
                lost();
                return queued();
            }
            dropOldest();
        }
        frames.put(slot, frame);
        lastNumber = Math.max(lastNumber, event.number());
        return queued();
    }

    /** The newer one takes the place of the older, so that a key that changes all the time gets its turn. */
    private boolean replace(Object slot, RelayEvent event) {
        byte[] older = frames.get(slot);
        if (older == null) {
            return false;
        }
        byte[] newer = event.frame(encoder, false);
        release(older.length);
        if (bytes + newer.length > share() || !budget.take(newer.length)) {
            frames.remove(slot);
            return false;
        }
        bytes += newer.length;
        frames.put(slot, newer);
        cursorLeftOut = true;
        return true;
    }

    synchronized Answer gap() {
        gapDue = !ended;
        return queued();
    }

    synchronized Answer heartbeat() {
        heartbeatDue = !ended;
        return queued();
    }

    /** Nothing more is taken, nothing of what waits is sent, but the last frame. */
    synchronized Answer end(byte @Nullable [] last) {
        if (ended) {
            return Answer.QUEUED;
        }
        clear();
        ended = true;
        if (last != null) {
            opening.add(last);
        }
        return queued();
    }

    /** Nothing more is taken; what waits is still sent, so that whoever comes back has got further. */
    synchronized Answer finish() {
        ended = true;
        heartbeatDue = false;
        return queued();
    }

    synchronized void clear() {
        opening.clear();
        frames.clear();
        budget.giveBack(bytes);
        bytes = 0;
        gapDue = false;
        heartbeatDue = false;
    }

    /** The next frame, or null if there is none now; then a later offer says that it wakes. */
    synchronized byte @Nullable [] poll(Position position) {
        touched = System.nanoTime();
        byte[] next = next(position);
        idle = next == null;
        return next;
    }

    private byte @Nullable [] next(Position position) {
        if (!opening.isEmpty()) {
            return opening.poll();
        }
        if (gapDue) {
            gapDue = false;
            budget.gaps.increment();
            return encoder.gap();
        }
        Iterator<byte[]> oldest = frames.values().iterator();
        if (oldest.hasNext()) {
            byte[] frame = oldest.next();
            oldest.remove();
            release(frame.length);
            budget.sent.increment();
            return frame;
        }
        return heartbeatDue ? nextHeartbeat(position) : null;
    }

    private byte[] nextHeartbeat(Position position) {
        heartbeatDue = false;
        boolean newer = position.number() > lastNumber || cursorLeftOut;
        cursorLeftOut = false;
        startAt(position);
        return encoder.heartbeat(newer ? position.cursor() : null);
    }

    synchronized boolean isEnded() {
        return ended && opening.isEmpty() && frames.isEmpty() && !gapDue;
    }

    /** Whether something has waited since a moment and nobody came for it. */
    synchronized boolean isStuckSince(long nanos) {
        return !idle && touched - nanos < 0;
    }

    private boolean reserve(int length) {
        if (frames.size() >= limits.capacity() || (!frames.isEmpty() && bytes + length > share())) {
            return false;
        }
        if (!budget.take(length)) {
            return false;
        }
        bytes += length;
        return true;
    }

    private long share() {
        return Math.min(limits.bytes(), budget.share());
    }

    private void dropOldest() {
        Iterator<byte[]> oldest = frames.values().iterator();
        byte[] frame = Objects.requireNonNull(oldest.next());
        oldest.remove();
        release(frame.length);
        lost();
    }

    private void lost() {
        gapDue = true;
        budget.dropped.increment();
    }

    private void release(int length) {
        bytes -= length;
        budget.giveBack(length);
    }

    private Answer queued() {
        boolean wake = idle;
        idle = false;
        return wake ? Answer.QUEUED_AND_WAKE : Answer.QUEUED;
    }
}
