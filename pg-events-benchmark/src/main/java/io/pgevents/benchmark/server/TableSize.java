package io.pgevents.benchmark.server;

import java.sql.SQLException;

/**
 * How large the queue is.
 *
 * @param bytes of the table with its indexes
 * @param deadRows row versions that are to be vacuumed
 */
public record TableSize(long bytes, long deadRows) {

    /** Reads the size of {@code event_queue}. */
    public static TableSize of(Database database) throws SQLException {
        return new TableSize(
                database.number("SELECT pg_total_relation_size('event_queue')"),
                database.number("SELECT n_dead_tup FROM pg_stat_user_tables WHERE relname = 'event_queue'"));
    }
}
