package io.pgevents.live;

/** Gets live events of some topics, one after the other, on the thread of the tail: it must not block. */
public interface LiveListener {

    /** An event was committed. */
    void received(LiveEvent event);

    /** Events may have been missed: what was derived from them has to be read again. More events follow. */
    void gap();
}
