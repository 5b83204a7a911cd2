package io.pgevents;

import org.jspecify.annotations.Nullable;

/**
 * The bus cannot start: a declaration, the configuration, the server or the schema is not as it must be. The
 * application's start fails with a description of what is wrong and the action that mends it.
 */
public class PgEventsStartException extends PgEventsException {

    private static final long serialVersionUID = 1L;

    private final String description;
    private final String action;

    public PgEventsStartException(String description, String action) {
        this(description, action, null);
    }

    public PgEventsStartException(String description, String action, @Nullable Throwable cause) {
        super(description + " " + action, cause);
        this.description = description;
        this.action = action;
    }

    /** What is wrong. */
    public String description() {
        return description;
    }

    /** What to do. */
    public String action() {
        return action;
    }
}
