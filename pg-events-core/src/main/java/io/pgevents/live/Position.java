package io.pgevents.live;

import org.jspecify.annotations.Nullable;

/**
 * A place in the log: all that a snapshot sees; and in the middle of a read, of what the next snapshot sees as well
 * those up to an event, in the order of the read.
 *
 * @param from what was read before
 * @param upto what is being read; the same as {@code from} between two reads
 * @param id of the last event; 0 at the begin of a read, and -1 between two reads
 */
record Position(Snapshot from, Snapshot upto, long id) {

    private static final int RADIX = 36;
    private static final int LONGEST = 4096;

    /** Between two reads. */
    static Position at(Snapshot snapshot) {
        return new Position(snapshot, snapshot, -1);
    }

    /** At the begin of a read. */
    static Position beforeAll(Snapshot from, Snapshot upto) {
        return new Position(from, upto, 0);
    }

    boolean isInRead() {
        return id >= 0;
    }

    /** In the same read, after an event. */
    Position after(long event) {
        return new Position(from, upto, event);
    }

    LiveCursor cursor() {
        return new LiveCursor(isInRead() ? prefix(from, upto) + place(id) : upto.encoded());
    }

    /** What the cursors of a read have in common; a {@link #place} completes one. */
    static String prefix(Snapshot from, Snapshot upto) {
        return from.encoded() + "_" + upto.encoded() + "_";
    }

    static String place(long id) {
        return Long.toString(id, RADIX);
    }

    /** Reads a cursor that may come from anywhere; null if it is none. */
    static @Nullable Position of(LiveCursor cursor) {
        String text = cursor.text();
        if (text.length() > LONGEST) {
            return null;
        }
        String[] parts = text.split("_", -1);
        Snapshot from = Snapshot.decode(parts[0]);
        if (from == null || parts.length == 1) {
            return from == null ? null : at(from);
        }
        Snapshot upto = parts.length == 3 ? Snapshot.decode(parts[1]) : null;
        return upto == null || !upto.covers(from) ? null : inRead(from, upto, parts[2]);
    }

    private static @Nullable Position inRead(Snapshot from, Snapshot upto, String place) {
        try {
            long id = Long.parseLong(place, RADIX);
            return id < 0 ? null : new Position(from, upto, id);
        } catch (NumberFormatException ex) {
            return null;
        }
    }
}
