package io.pgevents.maintenance;

import io.pgevents.jdbc.SqlStatements;
import io.pgevents.schema.EventSchema;
import java.time.Duration;
import java.util.function.IntSupplier;
import javax.sql.DataSource;
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
        this.jdbc = new JdbcTemplate(dataSource);
        this.statements = new SqlStatements(schema);
        this.retention = retention;
    }

    /** Deletes for at most some seconds; returns how many rows. */
    int run() {
        int deleted = inBatches(() -> jdbc.update(
                statements.get("event_queue/prune_done"), retention.done().toMillis(), BATCH));
        Duration failed = retention.failed();
        if (failed != null) {
            deleted +=
                    inBatches(() -> jdbc.update(statements.get("event_queue/prune_failed"), failed.toMillis(), BATCH));
        }
        return deleted + inBatches(() -> jdbc.update(statements.get("event_deduplication/prune"), BATCH));
    }

    private static int inBatches(IntSupplier statement) {
        long begun = System.nanoTime();
        int deleted = 0;
        int batch;
        do {
            batch = statement.getAsInt();
            deleted += batch;
        } while (batch == BATCH && System.nanoTime() - begun < LONGEST_NANOS);
        return deleted;
    }
}
