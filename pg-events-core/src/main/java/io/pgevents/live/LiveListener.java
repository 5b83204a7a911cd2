package io.pgevents.live;

/** Gets live events of some topics, one after the other, on the thread of the tail: it must not block. */
public interface LiveListener {

    /** An event was committed. */
    void received(LiveEvent event);

    /** Events may have been missed: what was derived from them has to be read again. More events follow. */
    void gap();

    /**
     * Nothing was missed up to a place, although nothing may have been received for long: who comes back with its cursor,
     * instead of that of the last event, is told of a gap only if something is missing. Called about every ten seconds
     * while nothing is received, or more often if the log is kept for less than a minute.
     *
     * @param cursor everything up to it was handed over
     */
    default void reached(LiveCursor cursor) {}
}
