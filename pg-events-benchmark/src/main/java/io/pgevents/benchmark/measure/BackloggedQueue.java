package io.pgevents.benchmark.measure;

import io.pgevents.benchmark.contestant.Payload;
import io.pgevents.benchmark.server.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
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
    private static final String INSERT = """
            INSERT INTO event_queue (subscription, topic, event_id, payload, status, attempt_count, process_at, finished_at)
            SELECT 'benchmark-0', 'benchmark', gen_random_uuid(),
                   jsonb_build_object('number', n, 'customer', 'customer-' || n % 1000, 'filler', ?::text),
                   kind.status, CASE kind.status WHEN 'pending' THEN 0 ELSE 1 END,
                   now() + kind.due::interval + n * interval '1 microsecond',
                   CASE kind.status WHEN 'pending' THEN NULL ELSE now() - interval '1 minute' END
            FROM (VALUES (?::text, ?::text)) AS kind (status, due)
            CROSS JOIN generate_series(?::integer, ?::integer) AS n""";

    /** Fills the queue of a database whose tables are there. */
    public void fill(Database database) throws Exception {
        insert(database, "done", "-2 minutes", 0, others);
        insert(database, "failed", "-2 minutes", 0, others);
        insert(database, "pending", "1 day", 0, others);
        Parallel.run(SLICES, slice -> {
            int size = pending / SLICES;
            insert(database, "pending", "-1 hour", slice * size, size);
        });
        database.settle();
    }

    private static void insert(Database database, String status, String due, int first, int count) throws SQLException {
        try (Connection connection = database.open();
                Statement statement = connection.createStatement();
                PreparedStatement insert = connection.prepareStatement(INSERT)) {
            statement.execute("SET session_replication_role = replica");
            insert.setString(1, Payload.of(0).filler());
            insert.setString(2, status);
            insert.setString(3, due);
            insert.setInt(4, first);
            insert.setInt(5, first + count - 1);
            insert.executeUpdate();
        }
    }
}
