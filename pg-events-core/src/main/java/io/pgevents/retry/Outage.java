package io.pgevents.retry;

import io.pgevents.retry.RetryPolicy.Backoff;
import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.transaction.CannotCreateTransactionException;

/**
 * Keeps quiet while something fails that is not the fault of an event, above all during an outage of the database: one
 * warning with its cause when the first part fails, and for each other part that fails for a reason of its own; one line when
 * all parts work again, growing pauses between, and a reminder now and then. What fails again within a minute is told of without
 * its stack trace. Thread-safe; one for the whole instance.
 */
public final class Outage {

    private static final Logger log = LoggerFactory.getLogger(Outage.class);
    private static final Backoff PAUSES = new Backoff(Duration.ofMillis(100), 2, Duration.ofSeconds(5), 0.5);
    private static final int REMINDER = 50;
    private static final long AGAIN_NANOS = Duration.ofMinutes(1).toNanos();

    private final Map<String, Integer> failures = new ConcurrentHashMap<>();
    private final Map<String, Long> toldAt = new ConcurrentHashMap<>();
    private volatile long begun;

    /** A part has failed; returns how long it should wait. */
    public Duration failed(String part, Throwable cause) {
        boolean first = failures.isEmpty();
        int count = failures.merge(part, 1, Integer::sum);
        if (first) {
            begun = System.nanoTime();
        }
        if (first || (count == 1 && !isOutage(cause))) {
            warn(part, cause);
        } else if (count % REMINDER == 0) {
            log.warn("{} failed {} times and is tried again: {}", part, count, cause.toString());
        } else {
            log.debug("{} failed", part, cause);
        }
        return PAUSES.after(Math.min(count, 10), ThreadLocalRandom.current()::nextDouble);
    }

    private void warn(String part, Throwable cause) {
        Long last = toldAt.put(part, System.nanoTime());
        if (last == null || System.nanoTime() - last > AGAIN_NANOS) {
            log.warn("{} failed; it is tried again until it works", part, cause);
        } else {
            log.warn("{} failed again; it is tried again until it works: {}", part, cause.toString());
        }
    }

    /** A part has worked. */
    public void worked(String part) {
        if (!failures.isEmpty() && failures.remove(part) != null && failures.isEmpty()) {
            long millis = Duration.ofNanos(System.nanoTime() - begun).toMillis();
            log.info("All works again, after {} ms", millis);
        }
    }

    /** Whether a failure means that the connection or the server is away, and not that an event is bad. */
    public static boolean isOutage(Throwable failure) {
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
