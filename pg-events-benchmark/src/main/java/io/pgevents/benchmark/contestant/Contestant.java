package io.pgevents.benchmark.contestant;

import java.io.Closeable;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** A queue that takes part, opened on an empty database of its own. Its publishing side may be used by many threads. */
public interface Contestant extends Closeable {

    /** How it is tuned, in one line for the report. */
    String tuning();

    /** Stores events numbered from {@code first}, with {@link Payload#of} each, in one transaction. */
    void publish(int first, int count) throws Exception;

    /**
     * Begins to handle events and returns. Each handling decodes the payload, tells {@link Receipts#received} and
     * writes one row with {@link Effects}.
     */
    void consume(Receipts receipts) throws Exception;

    /**
     * Publishes one event in a transaction of its own and tells when its commit was sent, in microseconds since 1970.
     * Who cannot say that tells when the commit was answered, which makes its latency shorter.
     */
    default long publishTimed(int number) throws Exception {
        publish(number, 1);
        return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    }

    /** Whether events are handled by the process that has published them, so that a backlog cannot be loaded first. */
    default boolean handlesWhereItPublishes() {
        return false;
    }

    /** Makes contestants. */
    @FunctionalInterface
    interface Factory {

        /**
         * Opens a contestant.
         *
         * @param target the database, empty on the first opening; a second process may open it again
         * @param workers how many events it may handle at the same time, with a pool of that size and a few more
         */
        Contestant open(Target target, int workers) throws SQLException;
    }
}
