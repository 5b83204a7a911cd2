package io.pgevents.channel;

import io.pgevents.InvalidEventException;

/**
 * The name of a channel of the application: exactly this text, for LISTEN and {@code pg_notify} alike. Longer names are
 * refused, because LISTEN would cut them off without a word and {@code pg_notify} would not.
 *
 * @param text the name, unquoted
 */
record ChannelName(String text) {

    /** What the channels of the bus itself begin with. */
    static final String RESERVED = "pg_events_";

    private static final int MAX_BYTES = 63;

    ChannelName {
        if (text.isEmpty()) {
            throw new InvalidEventException("The name of the channel is empty. Name a channel, for example prices.");
        }
        int bytes = ServerText.length(text, "name of the channel");
        if (bytes > MAX_BYTES) {
            throw new InvalidEventException("The name of the channel has " + bytes + " bytes, but at most " + MAX_BYTES
                    + " are allowed: " + text + ". Say what differs in the payload.");
        }
        if (text.startsWith(RESERVED)) {
            throw new InvalidEventException("The channel \"" + text + "\" is reserved: names beginning with " + RESERVED
                    + " belong to the bus. Take another name.");
        }
    }

    /** The name as it stands in SQL. */
    String quoted() {
        return '"' + text.replace("\"", "\"\"") + '"';
    }
}
