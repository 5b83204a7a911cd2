package io.pgevents.dispatch;

import io.pgevents.retry.RetryPolicy.Backoff;
import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.transaction.CannotCreateTransactionException;

/**
 * Keeps quiet during an outage of the database: one warning with its cause when it begins, one line when it is over, and growing
 * pauses between. Thread-safe; one for the whole instance.
 */
final class Outage {

    private static final Logger log = LoggerFactory.getLogger(Outage.class);
    private static final Backoff PAUSES = new Backoff(Duration.ofMillis(100), 2, Duration.ofSeconds(5), 0.5);

    private volatile int failures;
    private long begun;

    /** Something failed that is not the fault of an event; returns how long to wait. */
    synchronized Duration failed(String what, Throwable cause) {
        failures++;
        if (failures == 1) {
            begun = System.nanoTime();
            log.warn("{} failed; it is tried again until it works", what, cause);
        } else {
            log.debug("{} failed again", what, cause);
        }
        return PAUSES.after(Math.min(failures, 10), ThreadLocalRandom.current()::nextDouble);
    }

    /** Something worked. */
    void worked() {
        if (failures > 0) {
            ended();
        }
    }

    private synchronized void ended() {
        if (failures > 0) {
            log.info(
                    "The database works again after {}",
                    Duration.ofNanos(System.nanoTime() - begun).truncatedTo(ChronoUnit.MILLIS));
            failures = 0;
        }
    }

    /** Whether a failure means that the connection or the server is away, and not that an event is bad. */
    static boolean isOutage(Throwable failure) {
        Throwable each = failure;
        for (int depth = 0; each != null && depth < 50; depth++) {
            if (each instanceof CannotGetJdbcConnectionException
                    || each instanceof CannotCreateTransactionException
                    || each instanceof SQLTransientConnectionException
                    || each instanceof SQLRecoverableException) {
                return true;
            }
            if (each instanceof SQLException sql && isOutage(sql.getSQLState(), sql.getMessage())) {
                return true;
            }
            each = each.getCause();
        }
        return false;
    }

    private static boolean isOutage(@Nullable String state, @Nullable String message) {
        if (state == null) {
            return message != null && message.contains("closed");
        }
        // Connection, insufficient resources, operator intervention (but a cancelled statement is the handler's),
        // system error.
        return state.startsWith("08") || state.startsWith("53") || state.startsWith("57P") || state.startsWith("58");
    }
}
