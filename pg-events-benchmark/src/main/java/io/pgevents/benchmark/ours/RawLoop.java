package io.pgevents.benchmark.ours;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.NoArgGenerator;
import com.zaxxer.hikari.HikariDataSource;
import io.pgevents.benchmark.contestant.Contestant;
import io.pgevents.benchmark.contestant.Payload;
import io.pgevents.benchmark.contestant.Receipts;
import io.pgevents.benchmark.contestant.Target;
import io.pgevents.codec.Jackson2EventCodec;
import io.pgevents.schema.SchemaInitializer;
import io.pgevents.schema.SchemaSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * What a programmer would write by hand for exactly this work: the same table with the same indexes, but without any
 * trigger, without routes, retries and wake-up. It inserts rows for a known consumer, and its threads poll.
 */
public final class RawLoop implements Contestant {

    private static final String INSERT = "INSERT INTO event_queue (event_id, subscription, topic, payload, priority)"
            + " VALUES (?, 'benchmark', 'benchmark', ?::jsonb, 1)";

    private final boolean batch;
    private final int threads;
    private final HikariDataSource pool;
    private final Jackson2EventCodec codec = new Jackson2EventCodec();
    private final NoArgGenerator ids = Generators.timeBasedEpochGenerator();
    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final RawFloor floor = new RawFloor();

    /**
     * Creates the table.
     *
     * @param batch whether effects are written as one JDBC batch
     * @param threads how many consume
     * @param connections the size of the pool
     */
    public RawLoop(boolean batch, Target target, int threads, int connections) throws SQLException {
        this.batch = batch;
        this.threads = threads;
        this.pool = target.pool(connections);
        new SchemaInitializer(pool, SchemaSettings.DEFAULT).initialize();
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("ALTER TABLE event_queue DISABLE TRIGGER USER");
        }
    }

    /** Makes loops. */
    public static Contestant.Factory factory(boolean batch) {
        return (target, workers) -> new RawLoop(batch, target, workers, workers + 4);
    }

    @Override
    public String name() {
        return "raw loop";
    }

    @Override
    public String tuning() {
        return threads + " threads, claims of 100 by SKIP LOCKED above a floor, "
                + (batch ? "effects as one JDBC batch" : "one statement for each effect") + ", finished by DELETE";
    }

    @Override
    public void publish(int first, int count) throws SQLException {
        try (Connection connection = pool.getConnection();
                PreparedStatement insert = connection.prepareStatement(INSERT)) {
            connection.setAutoCommit(false);
            for (int number = first; number < first + count; number++) {
                insert.setObject(1, ids.generate());
                insert.setString(2, codec.write(Payload.of(number)));
                if (count == 1) {
                    insert.executeUpdate();
                } else {
                    insert.addBatch();
                }
            }
            if (count > 1) {
                insert.executeBatch();
            }
            connection.commit();
        }
    }

    @Override
    public void consume(Receipts receipts) {
        for (int thread = 0; thread < threads; thread++) {
            executor.execute(() -> {
                try (RawConsumer consumer = new RawConsumer(pool.getConnection(), floor, codec, batch, receipts)) {
                    consumer.run();
                } catch (SQLException ex) {
                    throw new IllegalStateException(ex);
                } catch (IOException ex) {
                    throw new UncheckedIOException(ex);
                }
            });
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
        try {
            executor.awaitTermination(10, TimeUnit.SECONDS);
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
        pool.close();
    }
}
