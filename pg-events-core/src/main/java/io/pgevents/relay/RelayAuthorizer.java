package io.pgevents.relay;

import io.pgevents.live.LiveEvent;

/**
 * The application's word on who may follow what; without a bean of it the declared streams are closed. An exception is
 * a no; if the database has caused that of {@link #mayFollow}, the browser is asked to come back.
 */
@FunctionalInterface
public interface RelayAuthorizer {

    /**
     * Whether the client may have the stream, with these topics and filters. Asked once for each connection, which outlives a
     * logout: what may change meanwhile is for {@link #maySee}.
     */
    boolean mayFollow(RelayRequest request);

    /**
     * Whether the client may see an event, and still may. Called on the thread of the tail: it must not wait for anything, and
     * answers from memory.
     */
    default boolean maySee(RelayRequest request, LiveEvent event) {
        return true;
    }
}
