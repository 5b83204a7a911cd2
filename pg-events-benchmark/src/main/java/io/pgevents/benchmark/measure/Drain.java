package io.pgevents.benchmark.measure;

import io.pgevents.benchmark.contestant.Contestant;
import io.pgevents.benchmark.contestant.Target;
import io.pgevents.benchmark.server.Database;
import io.pgevents.benchmark.server.Server;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/**
 * Loads a backlog into a fresh database, settles it, and takes the time of its handling, from the end of the warm-up
 * (the first tenth) until all effects are there or the time is over. Who handles events only where it publishes them is
 * timed while it publishes. Afterwards the effects are counted.
 *
 * @param events how many are loaded
 * @param deliveries how many deliveries that makes
 * @param loaders how many threads load; with one, rows are in the order of the numbers
 * @param atMost when the clock is stopped
 * @param mayBeCutOff whether it is no fault if not everything was handled until then
 */
public record Drain(int events, int deliveries, int loaders, Duration atMost, boolean mayBeCutOff) {

    private static final int LOADERS = 4;
    private static final int LOAD_BATCH = 500;
    private static final Duration PAUSE = Duration.ofMillis(5);

    /** With one delivery for each event. */
    public static Drain of(int events, Duration atMost) {
        return new Drain(events, events, LOADERS, atMost, false);
    }

    /** As {@link #of}, for who may be too slow to come to the end in time. */
    public static Drain ofSome(int events, Duration atMost) {
        return new Drain(events, events, LOADERS, atMost, true);
    }

    /** With one delivery for each event, and rows in the order of the numbers. */
    public static Drain inOrder(int events, Duration atMost) {
        return new Drain(events, events, 1, atMost, false);
    }

    /** With several deliveries for each event. */
    public static Drain fannedOut(int deliveries, int subscriptions, Duration atMost) {
        int events = deliveries / subscriptions;
        return new Drain(events, events * subscriptions, LOADERS, atMost, false);
    }

    /**
     * What a drain has shown.
     *
     * @param rate deliveries per second
     * @param loadSeconds how long the loading took
     * @param isComplete whether all was handled in time
     */
    public record Result(double rate, double loadSeconds, boolean isComplete) {}

    /** Makes a contestant for a drain. */
    @FunctionalInterface
    public interface Opening {
        Contestant open(Target target) throws SQLException;
    }

    /**
     * Drains once.
     *
     * @throws IllegalStateException if an event is missing or came twice
     */
    public Result run(Server server, Opening opening) throws Exception {
        return run(server, opening, new Deliveries(deliveries, deliveries / 10));
    }

    /** Drains once, with a listener that hears of each receipt. */
    public Result run(Server server, Opening opening, IntConsumer listener) throws Exception {
        return run(server, opening, new Deliveries(deliveries, deliveries / 10, listener));
    }

    private Result run(Server server, Opening opening, Deliveries received) throws Exception {
        try (Database database = server.freshDatabase()) {
            Result result;
            try (Contestant contestant = opening.open(database.target())) {
                result = contestant.handlesWhereItPublishes()
                        ? publishing(contestant, database, received)
                        : afterLoading(contestant, database, received);
            }
            verify(database, result, received);
            return result;
        }
    }

    private Result afterLoading(Contestant contestant, Database database, Deliveries received) throws Exception {
        long begun = System.nanoTime();
        load(contestant);
        double loadSeconds = (System.nanoTime() - begun) / 1e9;
        database.settle();
        contestant.consume(received);
        return await(database, received, loadSeconds);
    }

    private Result publishing(Contestant contestant, Database database, Deliveries received) throws Exception {
        database.settle();
        contestant.consume(received);
        long begun = System.nanoTime();
        load(contestant);
        return await(database, received, (System.nanoTime() - begun) / 1e9);
    }

    private void load(Contestant contestant) throws Exception {
        AtomicInteger next = new AtomicInteger();
        Parallel.run(loaders, thread -> {
            for (int first; (first = next.getAndAdd(LOAD_BATCH)) < events; ) {
                contestant.publish(first, Math.min(LOAD_BATCH, events - first));
            }
        });
    }

    private Result await(Database database, Deliveries received, double loadSeconds) throws Exception {
        long deadline = System.nanoTime() + atMost.toNanos();
        boolean complete = received.awaitAll(atMost);
        int count = received.count();
        while (complete && database.number("SELECT count(*) FROM effect") < deliveries) {
            if (System.nanoTime() > deadline + Duration.ofSeconds(10).toNanos()) {
                throw new IllegalStateException("All events were received, but not all effects are there");
            }
            Thread.sleep(PAUSE.toMillis());
        }
        return new Result(received.rateUntil(System.nanoTime(), count), loadSeconds, complete);
    }

    private void verify(Database database, Result result, Deliveries received) throws SQLException {
        long effects = database.number("SELECT count(*) FROM effect");
        long distinct = database.number("SELECT count(DISTINCT number) FROM effect");
        if (effects != distinct) {
            throw new IllegalStateException((effects - distinct) + " effects were written twice");
        }
        if (distinct != deliveries && !(mayBeCutOff && !result.isComplete())) {
            throw new IllegalStateException(
                    (deliveries - distinct) + " effects are missing after at most " + atMost.toSeconds() + " s");
        }
        if (received.repeated() > 0) {
            throw new IllegalStateException(received.repeated() + " events were received again");
        }
    }
}
