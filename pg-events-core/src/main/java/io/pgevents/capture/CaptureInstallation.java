package io.pgevents.capture;

import io.pgevents.PgEventsStartException;
import io.pgevents.capture.CaptureCatalog.Found;
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
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * Creates, replaces and drops triggers, the triggers of a table in one transaction each, under {@link ShortLocks}. What
 * is locked is tried again after a pause. Thread-safe.
 */
final class CaptureInstallation {

    private static final Logger log = LoggerFactory.getLogger(CaptureInstallation.class);
    private static final String INSUFFICIENT_PRIVILEGE = "42501";
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
    /** After three seconds, and then every thirteen: an autovacuum that does not yield holds up writers as well. */
    private static final int TRIES_UNTIL_PAST_AUTOVACUUM = 6;

    private final JdbcTemplate jdbc;
    private final ShortLocks locks;
    private final SqlStatements statements;
    private final CaptureCatalog catalog;

    CaptureInstallation(
            DataSource dataSource,
            PlatformTransactionManager transactionManager,
            SqlStatements statements,
            CaptureCatalog catalog) {
        this.jdbc = CommittedJdbc.joining(dataSource);
        this.locks = new ShortLocks(dataSource, transactionManager, statements);
        this.statements = statements;
        this.catalog = catalog;
    }

    /** Those of the triggers that are not there as they have to be. */
    List<Trigger> outdated(List<Trigger> triggers) {
        List<Found> found = catalog.triggers();
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
        for (int tries = 1; !tryInstall(triggers, tries % TRIES_UNTIL_PAST_AUTOVACUUM == 0); tries++) {
            if (System.nanoTime() - begun > patience.toNanos()) {
                throw locked(triggers, patience);
            }
            LockSupport.parkNanos(pause.toNanos());
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
        }
    }

    /** As {@link #install}, once: false if the table is locked. Gets past an autovacuum. */
    boolean tryInstall(List<Trigger> triggers) {
        return tryInstall(triggers, true);
    }

    private boolean tryInstall(List<Trigger> triggers, boolean pastAutovacuum) {
        Runnable work = () -> replaceOutdated(triggers);
        try {
            boolean done = pastAutovacuum
                    ? locks.tryToRunPastAutovacuum(work, List.of(table(triggers)))
                    : locks.tryToRun(work);
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

    private void replaceOutdated(List<Trigger> triggers) {
        jdbc.execute(Sql.fill(statements.get("event_capture/lock"), Map.of("table", table(triggers))));
        // Another instance may have been quicker.
        outdated(triggers).forEach(each -> {
            jdbc.execute(each.create());
            jdbc.execute(each.commentOn(statements));
        });
    }

    /** Drops triggers if they may be dropped; false if their tables are locked. Gets past an autovacuum. */
    boolean tryDrop(List<Found> triggers, Runnable before) {
        Runnable work = () -> {
            before.run();
            triggers.forEach(each -> jdbc.execute(dropOf(each)));
        };
        return locks.tryToRunPastAutovacuum(
                work, triggers.stream().map(Found::qualifiedTable).toList());
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
    String dropOf(Found trigger) {
        return Sql.fill(
                statements.get("event_capture/drop"),
                Map.of("trigger", Sql.identifier(trigger.name()), "table", trigger.qualifiedTable()));
    }

    private static boolean isUpToDate(Trigger trigger, List<Found> found) {
        Predicate<Found> same =
                there -> there.isInPlaceOf(trigger) && trigger.comment().equals(there.comment());
        return found.stream().anyMatch(same);
    }

    private PgEventsStartException locked(List<Trigger> triggers, Duration patience) {
        List<String> holders = locks.holders(List.of(table(triggers)));
        return new PgEventsStartException(
                "The triggers of the table " + table(triggers) + " cannot be installed: for " + patience
                        + " other transactions have kept the table locked"
                        + (holders.isEmpty() ? "." : ", at last: " + String.join("; ", holders) + "."),
                "End the transactions that write to it for so long (pg_stat_activity shows them), and start again. A manual"
                        + " VACUUM, an autovacuum to prevent wraparound and CREATE INDEX CONCURRENTLY keep it locked until they"
                        + " are done: start again after that. Or run this SQL yourself and set"
                        + " pg-events.capture.mode=verify:\n"
                        + script(triggers));
    }

    private PgEventsStartException refused(List<Trigger> triggers, DataAccessException ex) {
        String problem = "The triggers of the table " + table(triggers) + " cannot be installed: "
                + ex.getMostSpecificCause().getMessage() + ".";
        boolean notAllowed = ex.getMostSpecificCause() instanceof SQLException cause
                && INSUFFICIENT_PRIVILEGE.equals(cause.getSQLState());
        String action = notAllowed
                ? "Let the application's user own the table. Or have its owner run this SQL, and set"
                        + " pg-events.capture.mode=verify:\n" + script(triggers)
                : "Correct the condition or the columns of @PgChanges: "
                        + triggers.get(0).capture().filter() + ".";
        return new PgEventsStartException(problem, action, ex);
    }

    private static String table(List<Trigger> triggers) {
        return triggers.get(0).capture().qualifiedTable();
    }
}
