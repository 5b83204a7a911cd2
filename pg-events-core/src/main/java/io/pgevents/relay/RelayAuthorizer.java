package io.pgevents.relay;

import io.pgevents.live.LiveEvent;

/**
 * The application's word on who may follow what; without a bean of it the declared streams are closed. An exception is
 * a no.
 */
@FunctionalInterface
public interface RelayAuthorizer {

    /** Whether the client may have the stream, with these topics and filters. Asked once for each connection. */
    boolean mayFollow(RelayRequest request);

    /** Whether the client may see an event. Called on the thread of the tail: it must not wait for anything. */
    default boolean maySee(RelayRequest request, LiveEvent event) {
        return true;
    }
}
