package io.pgevents.benchmark.ours;

import io.pgevents.benchmark.contestant.Effects;
import io.pgevents.benchmark.contestant.Payload;
import io.pgevents.benchmark.contestant.Receipts;
import io.pgevents.benchmark.ours.RawFloor.Position;
import io.pgevents.codec.EventCodec;
import java.io.Closeable;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** One thread of the raw loop: claim a hundred, decode, write the effects, delete, commit, until it is interrupted. */
final class RawConsumer implements Closeable {

    private static final int LIMIT = 100;
    private static final String CLAIM = """
            SELECT id, process_at, payload::text
            FROM event_queue
            WHERE subscription = 'benchmark' AND status = 'pending' AND priority = 1
              AND (process_at, id) > (?, ?) AND process_at <= statement_timestamp()
            ORDER BY process_at, id
            LIMIT %d
            FOR UPDATE SKIP LOCKED""".formatted(LIMIT);
    private static final String DELETE = "DELETE FROM event_queue WHERE id = ANY (?)";
    /** As long as a busy consumer of pg-events gathers events. */
    private static final long PAUSE_NANOS = Duration.ofMillis(4).toNanos();
    /** The index has the order; whatever the statistics of a queue that fills and empties say, nothing is sorted. */
    private static final String PLAN = "SET enable_sort = off; SET enable_bitmapscan = off; SET enable_seqscan = off";

    private final Connection connection;
    private final RawFloor floor;
    private final EventCodec codec;
    private final boolean batch;
    private final Receipts receipts;

    RawConsumer(Connection connection, RawFloor floor, EventCodec codec, boolean batch, Receipts receipts) {
        this.connection = connection;
        this.floor = floor;
        this.codec = codec;
        this.batch = batch;
        this.receipts = receipts;
    }

    void run() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(PLAN);
        }
        connection.setAutoCommit(false);
        while (!Thread.currentThread().isInterrupted()) {
            int handled = round();
            connection.commit();
            if (handled < LIMIT) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    private int round() throws SQLException {
        List<Long> ids = new ArrayList<>();
        List<Payload> payloads = new ArrayList<>();
        claim(ids, payloads);
        if (ids.isEmpty()) {
            return 0;
        }
        if (batch) {
            payloads.forEach(payload -> receipts.received(payload.number()));
            Effects.write(connection, payloads);
        } else {
            for (Payload payload : payloads) {
                receipts.received(payload.number());
                Effects.write(connection, List.of(payload));
            }
        }
        try (PreparedStatement delete = connection.prepareStatement(DELETE)) {
            delete.setArray(1, connection.createArrayOf("bigint", ids.toArray()));
            delete.executeUpdate();
        }
        return ids.size();
    }

    private void claim(List<Long> ids, List<Payload> payloads) throws SQLException {
        Position from = floor.next();
        Position last = from;
        try (PreparedStatement claim = connection.prepareStatement(CLAIM)) {
            claim.setObject(1, from.processAt());
            claim.setLong(2, from.id());
            try (ResultSet rows = claim.executeQuery()) {
                while (rows.next()) {
                    last = new Position(rows.getObject(2, OffsetDateTime.class), rows.getLong(1));
                    ids.add(last.id());
                    payloads.add((Payload) codec.read(rows.getString(3), Payload.class));
                }
            }
        }
        floor.claimed(last);
    }

    @Override
    public void close() throws IOException {
        try {
            connection.close();
        } catch (SQLException ex) {
            throw new IOException(ex);
        }
    }
}
