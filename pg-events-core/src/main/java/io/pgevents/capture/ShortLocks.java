package io.pgevents.capture;

import io.pgevents.jdbc.CommittedJdbc;
import io.pgevents.jdbc.SqlCall;
import io.pgevents.jdbc.SqlStatements;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.PessimisticLockingFailureException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Runs work that locks tables, each try in one transaction. It waits for a lock for a moment only, because writers queue
 * up behind whoever waits. Thread-safe.
 *
 * <p>An autovacuum would never let it pass: the server ends one only for whoever has waited for {@code deadlock_timeout},
 * one second by default. So a caller may ask for a wait that is a little longer than that. It happens only if there is
 * such an autovacuum; writers wait as long, so it is to be asked for now and then.
 */
final class ShortLocks {

    private static final Logger log = LoggerFactory.getLogger(ShortLocks.class);
    private static final String LOCK_NOT_AVAILABLE = "55P03";
    private static final Duration MOMENT = Duration.ofMillis(250);
    private static final Duration END_OF_VACUUM = Duration.ofMillis(500);
    private static final Duration LONGEST = Duration.ofSeconds(3);

    private final JdbcTemplate jdbc;
    private final TransactionTemplate transaction;
    private final SqlStatements statements;

    ShortLocks(DataSource dataSource, PlatformTransactionManager transactionManager, SqlStatements statements) {
        this.jdbc = CommittedJdbc.joining(dataSource);
        this.transaction = new TransactionTemplate(transactionManager);
        this.statements = statements;
    }

    /** Runs it; false if others have kept the locks, and nothing was done. */
    boolean tryToRun(Runnable work) {
        return runWithin(MOMENT, work);
    }

    /** As {@link #tryToRun(Runnable)}, and once more if an autovacuum of these tables is there that yields. */
    boolean tryToRunPastAutovacuum(Runnable work, List<String> tables) {
        return tryToRun(work) || (isVacuumed(tables) && runWithin(untilAutovacuumYields(), work));
    }

    /** Who has or awaits locks of tables that keep triggers from being made, for people; at most ten. */
    List<String> holders(List<String> tables) {
        return lookUp(tables).stream().map(Holder::description).toList();
    }

    private boolean runWithin(Duration patience, Runnable work) {
        try {
            transaction.executeWithoutResult(status -> {
                jdbc.execute("SET LOCAL lock_timeout = " + patience.toMillis());
                work.run();
            });
            return true;
        } catch (DataAccessException ex) {
            if (ex instanceof PessimisticLockingFailureException || isLocked(ex)) {
                log.debug("Other transactions hold up the triggers: {}", ex.getMessage());
                return false;
            }
            throw ex;
        }
    }

    private static boolean isLocked(DataAccessException ex) {
        return ex.getMostSpecificCause() instanceof SQLException cause
                && LOCK_NOT_AVAILABLE.equals(cause.getSQLState());
    }

    /** Where the server takes too long to end an autovacuum, writers are not held up in vain. */
    private boolean isVacuumed(List<String> tables) {
        return untilAutovacuumYields().compareTo(LONGEST) <= 0
                && lookUp(tables).stream().anyMatch(Holder::yields);
    }

    private Duration untilAutovacuumYields() {
        Integer timeout = jdbc.queryForObject(statements.get("event_capture/deadlock_timeout"), Integer.class);
        return END_OF_VACUUM.plusMillis(Objects.requireNonNull(timeout));
    }

    private List<Holder> lookUp(List<String> tables) {
        return jdbc.query(
                SqlCall.of(statements.get("event_capture/lock_holders")).array("text", tables),
                (row, n) -> new Holder(row.getString("description"), row.getBoolean("yields")));
    }

    /**
     * Who has a lock.
     *
     * @param description for people
     * @param yields whether it is an autovacuum that the server ends for whoever waits
     */
    private record Holder(String description, boolean yields) {}
}
