package io.pgevents.live;

import org.jspecify.annotations.Nullable;

/**
 * A place in the log: all that a snapshot sees; and in the middle of a read, of what the next snapshot sees as well
 * those up to an event, in the order of the read. Transaction ids mean something in one life of the server only.
 *
 * @param life of the server; compared, and otherwise a text without meaning
 * @param from what was read before
 * @param upto what is being read; the same as {@code from} between two reads
 * @param id of the last event; 0 at the begin of a read, and -1 between two reads
 */
record Position(String life, Snapshot from, Snapshot upto, long id) {

    private static final int RADIX = 36;
    private static final int LONGEST = 4096;

    /** Between two reads. */
    static Position at(String life, Snapshot snapshot) {
        return new Position(life, snapshot, snapshot, -1);
    }

    /** At the begin of the read that follows, up to a snapshot. */
    Position beforeAll(Snapshot next) {
        return new Position(life, upto, next, 0);
    }

    /** After the last event of its read. */
    Position atEnd() {
        return at(life, upto);
    }

    boolean isInRead() {
        return id >= 0;
    }

    /** In the same read, after an event. */
    Position after(long event) {
        return new Position(life, from, upto, event);
    }

    /** Whether another position is of the same life. */
    boolean isOfLife(Position other) {
        return life.equals(other.life);
    }

    /** Whether its read begins with all that another read has seen at its end, in the same life. */
    boolean beginsBeyond(Position other) {
        return isOfLife(other) && from.covers(other.upto);
    }

    LiveCursor cursor() {
        return new LiveCursor(isInRead() ? prefix() + place(id) : life + "_" + upto.encoded());
    }

    /** What the cursors of a read have in common; a {@link #place} completes one. */
    String prefix() {
        return life + "_" + from.encoded() + "_" + upto.encoded() + "_";
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
        Snapshot from = parts.length < 2 || parts[0].isEmpty() ? null : Snapshot.decode(parts[1]);
        if (from == null || parts.length == 2) {
            return from == null ? null : at(parts[0], from);
        }
        Snapshot upto = parts.length == 4 ? Snapshot.decode(parts[2]) : null;
        return upto == null || !upto.covers(from)
                ? null
                : inRead(at(parts[0], from).beforeAll(upto), parts[3]);
    }

    private static @Nullable Position inRead(Position read, String place) {
        try {
            long id = Long.parseLong(place, RADIX);
            return id < 0 ? null : read.after(id);
        } catch (NumberFormatException ex) {
            return null;
        }
    }
}
