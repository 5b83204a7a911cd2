package io.pgevents.benchmark.measure;

import io.pgevents.benchmark.contestant.Payload;
import io.pgevents.benchmark.server.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Fills a queue by plain SQL, without its triggers, as if everything had happened over time.
 *
 * @param pending ready events
 * @param others how many are scheduled for later, how many have failed and how many are done
 */
public record BackloggedQueue(int pending, int others) {

    private static final int SLICES = 4;
    private static final String PAYLOAD =
            "jsonb_build_object('number', n, 'customer', 'customer-' || n % 1000, 'filler', '"
                    + Payload.of(0).filler() + "')";
    private static final String PENDING = """
            INSERT INTO event_queue (subscription, topic, event_id, payload, process_at)
            SELECT 'benchmark-0', 'benchmark', gen_random_uuid(), %s, now() - interval '1 hour' + n * interval '1 microsecond'
            FROM generate_series(%d, %d) AS n""";
    private static final String SCHEDULED = """
            INSERT INTO event_queue (subscription, topic, event_id, payload, process_at)
            SELECT 'benchmark-0', 'benchmark', gen_random_uuid(), %s, now() + interval '1 day' + n * interval '1 microsecond'
            FROM generate_series(1, %d) AS n""";
    private static final String ENDED = """
            INSERT INTO event_queue (subscription, topic, event_id, payload, status, attempt_count, finished_at)
            SELECT 'benchmark-0', 'benchmark', gen_random_uuid(), %s, '%s', 1, now() - interval '1 minute'
            FROM generate_series(1, %d) AS n""";

    /** Fills the queue of a database whose tables are there. */
    public void fill(Database database) throws Exception {
        insert(database, String.format(ENDED, PAYLOAD, "done", others));
        insert(database, String.format(ENDED, PAYLOAD, "failed", others));
        insert(database, String.format(SCHEDULED, PAYLOAD, others));
        Parallel.run(SLICES, slice -> {
            int size = pending / SLICES;
            insert(database, String.format(PENDING, PAYLOAD, slice * size, (slice + 1) * size - 1));
        });
        database.settle();
    }

    private static void insert(Database database, String sql) throws SQLException {
        try (Connection connection = database.open();
                Statement statement = connection.createStatement()) {
            statement.execute("SET session_replication_role = replica");
            statement.execute(sql);
        }
    }
}
