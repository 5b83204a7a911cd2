package io.pgevents;

import org.jspecify.annotations.Nullable;

/** A stored payload that cannot be converted to what the handler takes. The event fails at once, without a retry. */
public class PayloadConversionException extends PgEventsException {

    private static final long serialVersionUID = 1L;

    public PayloadConversionException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
