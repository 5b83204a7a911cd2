package io.pgevents.relay;

import io.pgevents.PgEventsException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** There is no room for one more client, the relay is not running, or the database fails; to be tried again later. */
public final class RelayRefusedException extends PgEventsException {

    private static final long serialVersionUID = 1L;

    public RelayRefusedException(String message) {
        super(message);
    }

    public RelayRefusedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** What to throw where code of the application has failed while a client was let in. */
    public static RuntimeException insteadOf(RuntimeException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException) {
                return new RelayRefusedException("The database fails; try again later", failure);
            }
        }
        return failure;
    }
}
