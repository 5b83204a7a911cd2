package io.pgevents.live;

import io.pgevents.live.LogPage.Row;

/** Reads from the log what a listener has missed, and hands it over on the calling thread. */
final class Replay {

    private final LogReader reader;
    private final int limit;
    private int left;

    /**
     * For one listener.
     *
     * @param limit the most events; a listener that has missed more is told of a gap
     */
    Replay(LogReader reader, int limit) {
        this.reader = reader;
        this.limit = limit;
    }

    /** Nothing was missed: what is committed by now is left out. */
    void skip(Subscriber subscriber) {
        subscriber.replayIs(reader.now().end());
    }

    /** Hands over what was committed since a cursor, or says that this cannot be told. */
    void run(LiveCursor since, Subscriber subscriber) {
        Position start = Position.of(since);
        LogPage now = reader.now();
        subscriber.replayIs(now.end());
        if (start == null || !now.follows(start)) {
            subscriber.gap();
            return;
        }
        left = limit;
        boolean all = (!start.isInRead() || read(start, subscriber)) && read(start.beforeAll(now.upto()), subscriber);
        // Looked at after the reads: what was pruned meanwhile may be missing in them, and so may what a server has
        // lost.
        LogPage after = reader.now();
        if (!after.isOfServerOf(now.end())) {
            subscriber.replayIs(after.end());
        }
        if (!all || !after.follows(start)) {
            subscriber.gap();
        }
    }

    private boolean read(Position from, Subscriber subscriber) {
        reader.read(from, subscriber.filter(), rows -> {
            for (Row row : rows) {
                if (--left < 0) {
                    return false;
                }
                subscriber.receive(row.event());
            }
            return true;
        });
        return left >= 0;
    }
}
