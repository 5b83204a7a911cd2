package io.pgevents;

import org.jspecify.annotations.Nullable;

/** Base of the exceptions of pg-events. The message says what to do next. */
public class PgEventsException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public PgEventsException(String message) {
        super(message);
    }

    public PgEventsException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
