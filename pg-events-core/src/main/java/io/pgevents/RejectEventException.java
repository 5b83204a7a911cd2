package io.pgevents;

import org.jspecify.annotations.Nullable;

/** Thrown by a handler to say that another attempt is pointless: the event becomes a dead letter at once. */
public class RejectEventException extends PgEventsException {

    private static final long serialVersionUID = 1L;

    public RejectEventException(String message) {
        super(message);
    }

    public RejectEventException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
