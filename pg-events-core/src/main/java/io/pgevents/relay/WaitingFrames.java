package io.pgevents.relay;

import io.pgevents.live.LiveCursor;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The events and gaps that wait for one client, in their order, within the limits of its queue and its share of the
 * memory for all. What was replayed may be more than the queue takes, and does not take its room from live events. Not
 * thread-safe.
 */
final class WaitingFrames {

    private final RelayStream.Queue limits;
    private final Budget budget;
    private final Map<Object, Entry> entries = new LinkedHashMap<>();
    private long bytes;
    private boolean replaying;
    private int replayedEvents;
    private long replayedBytes;
    private boolean gapAtEnd;

    /** An event, or a gap. */
    static final class Entry {

        private final byte @Nullable [] frame;
        private final @Nullable LiveCursor cursor;

        private Entry(byte @Nullable [] frame, @Nullable LiveCursor cursor) {
            this.frame = frame;
            this.cursor = cursor;
        }

        /** Null for a gap. */
        byte @Nullable [] frame() {
            return frame;
        }

        /**
         * Null if the event overtakes older ones. Of a gap, up to where whoever reads the state again there has
         * everything; null if nobody knows.
         */
        @Nullable
        LiveCursor cursor() {
            return cursor;
        }
    }

    WaitingFrames(RelayStream.Queue limits, Budget budget) {
        this.limits = limits;
        this.budget = budget;
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    boolean has(Object slot) {
        return entries.containsKey(slot);
    }

    boolean hasGap() {
        return entries.values().stream().anyMatch(entry -> entry.frame() == null);
    }

    /** Whoever reads the state again at the last gap has everything up to here. */
    void lastGapIsUpTo(LiveCursor cursor) {
        Map.Entry<Object, Entry> last = null;
        for (Map.Entry<Object, Entry> each : entries.entrySet()) {
            last = each.getValue().frame() == null ? each : last;
        }
        if (last != null) {
            last.setValue(new Entry(null, cursor));
        }
    }

    void beginReplay() {
        replaying = true;
    }

    void endReplay() {
        replaying = false;
        replayedEvents = entries.size();
        replayedBytes = bytes;
    }

    /** False if there is no room. */
    boolean add(Object slot, byte[] frame, LiveCursor cursor) {
        if (!hasRoomFor(frame.length) || !budget.take(frame.length)) {
            return false;
        }
        bytes += frame.length;
        entries.put(slot, new Entry(frame, cursor));
        gapAtEnd = false;
        return true;
    }

    private boolean hasRoomFor(int length) {
        return (replaying || entries.size() - replayedEvents < limits.capacity())
                && (entries.isEmpty() || fits(length));
    }

    private boolean fits(int length) {
        long total = bytes + length;
        return total <= budget.share() && (replaying || total - replayedBytes <= limits.bytes());
    }

    /** A newer frame in the place of an older one. If there is no room, the older one is gone and it is false. */
    boolean replace(Object slot, byte[] newer) {
        Entry older = entries.get(slot);
        if (older == null) {
            return false;
        }
        release(older);
        if (!fits(newer.length) || !budget.take(newer.length)) {
            entries.remove(slot);
            return false;
        }
        bytes += newer.length;
        entries.put(slot, new Entry(newer, null));
        return true;
    }

    /** Behind all that waits, unless there is one already. */
    void addGap() {
        if (entries.isEmpty() || !gapAtEnd) {
            entries.put(new Object(), new Entry(null, null));
            gapAtEnd = true;
        }
    }

    @Nullable
    Entry poll() {
        Iterator<Entry> oldest = entries.values().iterator();
        if (!oldest.hasNext()) {
            return null;
        }
        Entry entry = oldest.next();
        oldest.remove();
        release(entry);
        if (entries.isEmpty()) {
            forgetReplay();
        }
        return entry;
    }

    private void release(Entry entry) {
        byte[] frame = entry.frame();
        if (frame != null) {
            bytes -= frame.length;
            budget.giveBack(frame.length);
        }
    }

    private void forgetReplay() {
        replayedEvents = 0;
        replayedBytes = 0;
    }

    void clear() {
        entries.clear();
        budget.giveBack(bytes);
        bytes = 0;
        forgetReplay();
    }
}
