package io.pgevents;

import org.jspecify.annotations.Nullable;

/**
 * An event, or a notification, that was refused before anything was written: its topic or channel, its key, its payload
 * or its due time is not valid. The caller's transaction is untouched and can go on.
 */
public class InvalidEventException extends PgEventsException {

    private static final long serialVersionUID = 1L;

    public InvalidEventException(String message) {
        super(message);
    }

    public InvalidEventException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
