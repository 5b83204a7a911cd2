package io.pgevents.relay;

import io.pgevents.live.LiveCursor;
import io.pgevents.live.LiveEvent;
import org.jspecify.annotations.Nullable;

/**
 * Writes what is sent as bytes of a format. Two that are equal write the same; their frames are shared between clients
 * and must not be changed.
 */
public interface FrameEncoder {

    /**
     * An event.
     *
     * @param withCursor whether its cursor is written. Not for an event that overtakes older ones
     */
    byte[] event(LiveEvent event, boolean withCursor);

    /** JSON that is no event of the log, as a snapshot. */
    byte[] message(String name, String json);

    /** Sent first. The cursor is null if the client has a better one. */
    byte[] opening(@Nullable LiveCursor cursor);

    /** Sent from time to time, with a newer cursor if there is one. */
    byte[] heartbeat(@Nullable LiveCursor cursor);

    /** Something is missing here. Whoever reads the state again goes on from the cursor, if it is known. */
    byte[] gap(@Nullable LiveCursor cursor);

    /** The server ends the connection; the client is to come back to another one. */
    byte[] shutdown();
}
