package io.pgevents.live;

import io.pgevents.jdbc.CommittedJdbc;
import io.pgevents.jdbc.SqlStatements;
import io.pgevents.schema.EventSchema;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Takes ticks, moves the horizon, and deletes what lies before it in small batches. Any instance may do it, several at a
 * time. It writes nothing while nothing was added to the log, and warns when an open transaction keeps the log from being
 * pruned. One thread.
 */
final class LogPruning {

    private static final Logger log = LoggerFactory.getLogger(LogPruning.class);
    private static final int BATCH = 1000;
    private static final long LONGEST_NANOS = Duration.ofSeconds(5).toNanos();
    private static final Duration LONGEST_BETWEEN_TICKS = Duration.ofSeconds(30);

    /** Retentions after which an event that cannot be pruned is worth a warning. */
    private static final int HELD_TOO_LONG = 3;

    private static final Place START = new Place(0, 0);

    private final JdbcTemplate jdbc;
    private final SqlStatements statements;
    private final LogReader reader;
    private final Duration retention;
    private Place floor = START;
    private String life = "";
    private boolean held;

    private record Place(long transaction, long id) {}

    private record Batch(int deleted, Place upTo) {}

    LogPruning(DataSource dataSource, EventSchema schema, LogReader reader, Duration retention) {
        this.jdbc = CommittedJdbc.joining(dataSource);
        this.statements = new SqlStatements(schema);
        this.reader = reader;
        this.retention = retention;
    }

    /** Forgets what cannot be from this server. Any thread. */
    void forgetForeign() {
        jdbc.update(statements.get("event_log/forget_foreign"));
    }

    /** Deletes for at most some seconds; returns how many rows. */
    int run() {
        forgetForeign();
        jdbc.update(statements.get("event_log_tick/take"), betweenTicks().toMillis());
        jdbc.update(statements.get("event_log_tick/cut"), retention.toMillis());
        keepFloor(reader.look());
        warnIfHeld();
        return prune();
    }

    /** Once, until it can be pruned again. */
    private void warnIfHeld() {
        List<Long> ages = jdbc.queryForList(statements.get("event_log/held"), Long.class);
        boolean tooLong = !ages.isEmpty() && ages.get(0) > HELD_TOO_LONG * retention.toMillis();
        if (tooLong && !held) {
            log.warn(
                    "The live log cannot be pruned and grows: a transaction of this server, in whatever database, has been"
                            + " open for at least {} s. Find it and end it: SELECT pid, datname, application_name, xact_start,"
                            + " state FROM pg_stat_activity WHERE backend_xid IS NOT NULL ORDER BY xact_start; or, if it was"
                            + " prepared: SELECT gid, database, prepared FROM pg_prepared_xacts ORDER BY prepared",
                    TimeUnit.MILLISECONDS.toSeconds(ages.get(0)));
        }
        held = tooLong;
    }

    /** Behind the floor nothing is left, unless the server is another one, which may not know of what was deleted. */
    private void keepFloor(LogPage now) {
        Long horizon = now.horizon();
        if (!now.life().equals(life) || horizon == null || floor.transaction() >= horizon) {
            floor = START;
        }
        life = now.life();
    }

    private int prune() {
        String sql = statements.get("event_log/prune");
        long begun = System.nanoTime();
        int deleted = 0;
        int batch;
        do {
            List<Batch> last = jdbc.query(
                    sql,
                    (row, n) -> new Batch(
                            row.getInt("deleted"), new Place(row.getLong("transaction_id"), row.getLong("id"))),
                    String.valueOf(floor.transaction()),
                    floor.id(),
                    BATCH);
            batch = last.isEmpty() ? 0 : last.get(0).deleted();
            if (batch > 0) {
                floor = last.get(0).upTo();
            }
            deleted += batch;
        } while (batch == BATCH && System.nanoTime() - begun < LONGEST_NANOS);
        return deleted;
    }

    private Duration betweenTicks() {
        Duration half = retention.dividedBy(2);
        return half.compareTo(LONGEST_BETWEEN_TICKS) < 0 ? half : LONGEST_BETWEEN_TICKS;
    }
}
