package io.pgevents.relay;

import io.pgevents.PgEventsException;

/** There is no room for one more client, or the relay is not running; to be tried again later. */
public final class RelayRefusedException extends PgEventsException {

    private static final long serialVersionUID = 1L;

    public RelayRefusedException(String message) {
        super(message);
    }
}
