package io.pgevents.subscription;

import io.pgevents.jdbc.SqlStatements;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.PessimisticLockingFailureException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/** Changes routes while nobody publishes, if that can be had within some seconds. */
final class RouteLock {

    private static final Logger log = LoggerFactory.getLogger(RouteLock.class);
    private static final String LOCK_NOT_AVAILABLE = "55P03";
    private static final int LOCK_TRIES = 8;

    private final JdbcTemplate jdbc;
    private final TransactionTemplate transaction;
    private final String lock;
    private final String turn;

    RouteLock(JdbcTemplate jdbc, TransactionTemplate transaction, SqlStatements statements) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.lock = statements.get("event_subscription/lock");
        this.turn = statements.get("event_subscription/take_turn");
    }

    /** Makes a change in a transaction; false if that was beside open transactions that have published. */
    boolean change(Runnable change) {
        for (int tries = 1; tries <= LOCK_TRIES; tries++) {
            if (changeLocked(change)) {
                return true;
            }
        }
        changeBeside(change);
        return false;
    }

    /** Makes a change in a transaction beside those that have published; only other changes wait for it. */
    void changeBeside(Runnable change) {
        transaction.executeWithoutResult(status -> {
            jdbc.execute(turn);
            change.run();
        });
    }

    private boolean changeLocked(Runnable change) {
        try {
            transaction.executeWithoutResult(status -> {
                jdbc.execute("SET LOCAL lock_timeout = '250ms'");
                jdbc.execute(lock);
                change.run();
            });
            return true;
        } catch (DataAccessException ex) {
            if (!isLockTimeout(ex)) {
                throw ex;
            }
            log.debug("Open transactions that have published hold up the registration: {}", ex.getMessage());
            return false;
        }
    }

    /** Spring has no exception of its own for this state. */
    private static boolean isLockTimeout(DataAccessException failure) {
        return failure instanceof PessimisticLockingFailureException
                || (failure.getMostSpecificCause() instanceof SQLException cause
                        && LOCK_NOT_AVAILABLE.equals(cause.getSQLState()));
    }
}
