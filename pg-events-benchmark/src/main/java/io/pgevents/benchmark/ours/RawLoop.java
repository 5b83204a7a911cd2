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
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * What a programmer would write by hand for exactly this work: the same table with the same indexes, but without any
 * trigger, without routes, retries and wake-up. It inserts rows for a known consumer, and its threads poll.
 */
public final class RawLoop implements Contestant {

    private static final String INSERT = "INSERT INTO event_queue"
            + " (event_id, subscription, topic, type, ordering_key, payload, headers, priority)"
            + " VALUES (?, 'benchmark', 'benchmark', ?, ?, ?::jsonb, ?::jsonb, 1)";

    private final boolean batch;
    private final int threads;
    private final HikariDataSource pool;
    private final TransactionTemplate transaction;
    private final JdbcTemplate jdbc;
    private final Jackson2EventCodec codec = new Jackson2EventCodec();
    private final NoArgGenerator ids = Generators.timeBasedEpochGenerator();
    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final RawFloor floor = new RawFloor();
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

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
        this.transaction = new TransactionTemplate(new JdbcTransactionManager(pool));
        this.jdbc = new JdbcTemplate(pool);
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
    public String tuning() {
        return threads + " threads, claims of 100 by SKIP LOCKED above a floor, a pause of 4 ms after fewer, "
                + (batch ? "effects as one JDBC batch" : "one statement for each effect") + ", finished by DELETE";
    }

    @Override
    public void publish(int first, int count) {
        List<Object[]> rows = IntStream.range(first, first + count)
                .mapToObj(number -> new Object[] {ids.generate(), null, null, codec.write(Payload.of(number)), null})
                .toList();
        transaction.executeWithoutResult(status -> {
            if (count == 1) {
                jdbc.update(INSERT, rows.get(0));
            } else {
                jdbc.batchUpdate(INSERT, rows);
            }
        });
    }

    @Override
    public void consume(Receipts receipts) {
        for (int thread = 0; thread < threads; thread++) {
            executor.execute(() -> {
                try (RawConsumer consumer = new RawConsumer(pool.getConnection(), floor, codec, batch, receipts)) {
                    consumer.run();
                } catch (SQLException | IOException | RuntimeException ex) {
                    // The end interrupts whoever waits for a connection.
                    if (!executor.isShutdown()) {
                        failure.compareAndSet(null, ex);
                    }
                }
            });
        }
    }

    /**
     * Ends the threads.
     *
     * @throws IllegalStateException if one of them has failed before: the others were slower than all would have been
     */
    @Override
    public void close() {
        executor.shutdownNow();
        try {
            executor.awaitTermination(10, TimeUnit.SECONDS);
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
        pool.close();
        Exception failed = failure.get();
        if (failed != null) {
            throw new IllegalStateException("A thread of the raw loop has failed", failed);
        }
    }
}
