package io.pgevents.live;

import org.jspecify.annotations.Nullable;

/**
 * A place in the log: all that a snapshot sees; and in the middle of a read, of what the next snapshot sees as well
 * those up to an event, in the order of the read.
 *
 * @param from what was read before
 * @param upto what is being read; the same as {@code from} between two reads
 * @param transaction of the last event; 0 between two reads, and at the begin of one
 * @param id of the last event
 */
record Position(Snapshot from, Snapshot upto, long transaction, long id) {

    private static final int RADIX = 36;
    private static final int LONGEST = 4096;

    /** Between two reads. */
    static Position at(Snapshot snapshot) {
        return new Position(snapshot, snapshot, 0, 0);
    }

    boolean isInRead() {
        return transaction > 0;
    }

    /** Where the range of transactions begins that are later than all a snapshot knows, or this if it lies in there. */
    Position orEndOf(Snapshot snapshot) {
        return transaction > snapshot.lastKnown()
                ? this
                : new Position(from, upto, snapshot.lastKnown(), Long.MAX_VALUE);
    }

    LiveCursor cursor() {
        String text = isInRead() ? prefix(from, upto) + place(transaction, id) : upto.encoded();
        return new LiveCursor(text);
    }

    /** What the cursors of a read have in common; a {@link #place} completes one. */
    static String prefix(Snapshot from, Snapshot upto) {
        return from.encoded() + "_" + upto.encoded() + "_";
    }

    static String place(long transaction, long id) {
        return Long.toString(transaction, RADIX) + ":" + Long.toString(id, RADIX);
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
        String[] parts = place.split(":", -1);
        try {
            return parts.length == 2
                    ? new Position(from, upto, Long.parseLong(parts[0], RADIX), Long.parseLong(parts[1], RADIX))
                            .checked()
                    : null;
        } catch (NumberFormatException ex) {
            return null;
        }
    }

    private @Nullable Position checked() {
        return transaction > 0 ? this : null;
    }
}
