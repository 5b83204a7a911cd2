package io.pgevents.maintenance;

import io.pgevents.jdbc.CommittedJdbc;
import io.pgevents.jdbc.SqlStatements;
import io.pgevents.schema.EventSchema;
import java.time.Duration;
import java.util.Objects;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Deletes what is kept no longer, in small batches: finished events, and de-duplication keys. Any instance may run it,
 * several at a time: they skip each other's rows.
 */
final class Pruning {

    private static final int BATCH = 1000;
    private static final long LONGEST_NANOS = Duration.ofSeconds(5).toNanos();

    private final JdbcTemplate jdbc;
    private final SqlStatements statements;
    private final Retention retention;

    Pruning(DataSource dataSource, EventSchema schema, Retention retention) {
        this.jdbc = CommittedJdbc.joining(dataSource);
        this.statements = new SqlStatements(schema);
        this.retention = retention;
    }

    /** Deletes for at most some seconds of each kind; returns how many rows. */
    int run() {
        int deleted = inBatches("event_queue/prune_done", retention.done());
        if (retention.failed() != null) {
            deleted += inBatches("event_queue/prune_failed", retention.failed());
        }
        return deleted + inBatches("event_deduplication/prune", Duration.ZERO);
    }

    private int inBatches(String name, Duration keep) {
        String sql = statements.get(name);
        long begun = System.nanoTime();
        int deleted = 0;
        Batch batch = new Batch(0, "-infinity");
        do {
            batch = Objects.requireNonNull(jdbc.queryForObject(
                    sql,
                    (row, n) -> new Batch(row.getInt("deleted"), row.getString("up_to")),
                    batch.upTo(),
                    keep.toMillis(),
                    BATCH));
            deleted += batch.deleted();
        } while (batch.deleted() == BATCH && System.nanoTime() - begun < LONGEST_NANOS);
        return deleted;
    }

    /**
     * What one statement has deleted.
     *
     * @param deleted how many rows
     * @param upTo the time of the last of them; null if there was none
     */
    private record Batch(int deleted, @Nullable String upTo) {}
}
