package io.pgevents.benchmark.peers;

import com.gruelbox.transactionoutbox.Submitter;
import com.zaxxer.hikari.HikariDataSource;
import io.pgevents.benchmark.contestant.Contestant;
import io.pgevents.benchmark.contestant.Receipts;
import io.pgevents.benchmark.contestant.Target;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;

/**
 * gruelbox as a queue between processes: the publisher submits nothing, and a loop that flushes finds what is stored.
 * The publisher's clock is late by the delay after which an event may be flushed, so that it may be at once.
 */
final class GruelboxFlushPeer implements Contestant {

    static final String NAME = "gruelbox-flush";

    private static final Duration POLLING = Duration.ofMillis(25);
    private static final int FLUSH = 4096;
    private static final Submitter NOBODY = (entry, run) -> {};
    private static final Clock LATE = Clock.offset(Clock.systemUTC(), GruelboxOutbox.DELAY.negated());

    private final int workers;
    private final HikariDataSource pool;
    private final WorkerPool executor;
    private final PollingThreads flushing = new PollingThreads(NAME + "-loop", POLLING);
    private final GruelboxOutbox publisher;

    GruelboxFlushPeer(Target target, int workers) throws SQLException {
        this.workers = workers;
        pool = target.pool(workers + 4);
        Schema.createEffects(pool);
        executor = new WorkerPool(NAME, workers);
        publisher = new GruelboxOutbox(pool, NOBODY, LATE, number -> {});
    }

    @Override
    public String tuning() {
        return GruelboxOutbox.VERSION + ", a loop flushes 4096 at a time, every 25 ms when there is nothing, " + workers
                + " threads, pool " + (workers + 4) + ", Gson; the effect and the deletion are one transaction";
    }

    @Override
    public void publish(int first, int count) {
        publisher.publish(first, count);
    }

    @Override
    public void consume(Receipts receipts) {
        GruelboxOutbox consumer =
                new GruelboxOutbox(pool, Submitter.withExecutor(executor), Clock.systemUTC(), receipts);
        flushing.start(1, () -> executor.waiting() < FLUSH && consumer.flush());
    }

    @Override
    public void close() {
        flushing.close();
        executor.close();
        pool.close();
    }
}
