package io.pgevents.capture;

import io.pgevents.PgEventsStartException;
import io.pgevents.jdbc.CommittedJdbc;
import io.pgevents.jdbc.SqlStatements;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.PessimisticLockingFailureException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Creates, replaces and drops triggers, the triggers of a table in one transaction each. It waits for locks for a
 * moment only, because writers queue up behind whoever waits, and tries again after a pause. Thread-safe.
 */
final class CaptureInstallation {

    private static final Logger log = LoggerFactory.getLogger(CaptureInstallation.class);
    private static final String LOCK_NOT_AVAILABLE = "55P03";
    private static final String INSUFFICIENT_PRIVILEGE = "42501";
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    private final JdbcTemplate jdbc;
    private final TransactionTemplate transaction;
    private final SqlStatements statements;
    private final CaptureCatalog catalog;

    CaptureInstallation(
            DataSource dataSource,
            PlatformTransactionManager transactionManager,
            SqlStatements statements,
            CaptureCatalog catalog) {
        this.jdbc = CommittedJdbc.joining(dataSource);
        this.transaction = new TransactionTemplate(transactionManager);
        this.statements = statements;
        this.catalog = catalog;
    }

    /** Those of the triggers that are not there as they have to be. */
    List<Trigger> outdated(List<Trigger> triggers) {
        List<CaptureCatalog.Found> found = catalog.triggers();
        return triggers.stream().filter(each -> !isUpToDate(each, found)).toList();
    }

    /**
     * Makes triggers of one table what they have to be, within a time.
     *
     * @throws PgEventsStartException if that does not work, for example because somebody keeps the table locked
     */
    void install(List<Trigger> triggers, Duration patience) {
        long begun = System.nanoTime();
        Duration pause = FIRST_PAUSE;
        while (!tryInstall(triggers)) {
            if (System.nanoTime() - begun > patience.toNanos()) {
                throw new PgEventsStartException(
                        "The triggers of the table " + table(triggers) + " cannot be installed: for " + patience
                                + " other transactions have kept the table locked.",
                        "End the transactions that write to it for so long (pg_stat_activity shows them), and start again."
                                + " Or run this SQL yourself and set pg-events.capture.mode=verify:\n"
                                + script(triggers));
            }
            LockSupport.parkNanos(pause.toNanos());
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
        }
    }

    /** As {@link #install}, once: false if the table is locked. */
    boolean tryInstall(List<Trigger> triggers) {
        try {
            boolean done = inShortLocks(() -> {
                jdbc.execute(Sql.fill(statements.get("event_capture/lock"), Map.of("table", table(triggers))));
                // Another instance may have been quicker.
                outdated(triggers).forEach(each -> {
                    jdbc.execute(each.create());
                    jdbc.execute(each.commentOn(statements));
                });
            });
            if (done) {
                log.info(
                        "Captured changes of {}: installed the triggers {}",
                        table(triggers),
                        triggers.stream().map(Trigger::name).toList());
            }
            return done;
        } catch (DataAccessException ex) {
            throw refused(triggers, ex);
        }
    }

    /** Drops triggers if they may be dropped; false if their tables are locked. */
    boolean tryDrop(List<CaptureCatalog.Found> triggers, Runnable before) {
        return inShortLocks(() -> {
            before.run();
            triggers.forEach(each -> jdbc.execute(dropOf(each)));
        });
    }

    /** The statements that install triggers, as a script. */
    String script(List<Trigger> triggers) {
        StringBuilder script = new StringBuilder();
        triggers.forEach(each -> script.append(each.create())
                .append(";\n")
                .append(each.commentOn(statements))
                .append(";\n"));
        return script.toString();
    }

    /** The statement that drops a trigger. */
    String dropOf(CaptureCatalog.Found trigger) {
        return Sql.fill(
                statements.get("event_capture/drop"),
                Map.of(
                        "trigger",
                        Sql.identifier(trigger.name()),
                        "table",
                        Sql.identifier(trigger.schema()) + "." + Sql.identifier(trigger.table())));
    }

    private boolean inShortLocks(Runnable work) {
        try {
            transaction.executeWithoutResult(status -> {
                jdbc.execute("SET LOCAL lock_timeout = '250ms'");
                work.run();
            });
            return true;
        } catch (DataAccessException ex) {
            if (ex instanceof PessimisticLockingFailureException || hasState(ex, LOCK_NOT_AVAILABLE)) {
                log.debug("Other transactions hold up the triggers: {}", ex.getMessage());
                return false;
            }
            throw ex;
        }
    }

    private static boolean isUpToDate(Trigger trigger, List<CaptureCatalog.Found> found) {
        Predicate<CaptureCatalog.Found> same =
                there -> there.isInPlaceOf(trigger) && trigger.comment().equals(there.comment());
        return found.stream().anyMatch(same);
    }

    private PgEventsStartException refused(List<Trigger> triggers, DataAccessException ex) {
        String problem = "The triggers of the table " + table(triggers) + " cannot be installed: "
                + ex.getMostSpecificCause().getMessage() + ".";
        String action = hasState(ex, INSUFFICIENT_PRIVILEGE)
                ? "Let the application's user own the table. Or have its owner run this SQL, and set"
                        + " pg-events.capture.mode=verify:\n" + script(triggers)
                : "Correct the condition or the columns of @PgChanges: "
                        + triggers.get(0).capture().filter() + ".";
        return new PgEventsStartException(problem, action, ex);
    }

    private static boolean hasState(DataAccessException ex, String state) {
        return ex.getMostSpecificCause() instanceof SQLException cause && state.equals(cause.getSQLState());
    }

    private static String table(List<Trigger> triggers) {
        return triggers.get(0).capture().qualifiedTable();
    }
}
