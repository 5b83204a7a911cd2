package io.pgevents.live;

import io.pgevents.jdbc.CommittedJdbc;
import io.pgevents.jdbc.SqlStatements;
import io.pgevents.schema.EventSchema;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Takes ticks, moves the horizon, and deletes what lies before it in small batches. Any instance may do it, several at a
 * time. It writes nothing while nothing was added to the log. One thread.
 */
final class LogPruning {

    private static final int BATCH = 1000;
    private static final long LONGEST_NANOS = Duration.ofSeconds(5).toNanos();
    private static final Duration LONGEST_BETWEEN_TICKS = Duration.ofSeconds(30);

    private static final Place START = new Place(0, 0);

    private final JdbcTemplate jdbc;
    private final SqlStatements statements;
    private final LogReader reader;
    private final Duration retention;
    private Place floor = START;
    private String life = "";

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
        return prune();
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
