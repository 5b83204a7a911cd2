package io.pgevents.benchmark.peers;

import com.gruelbox.transactionoutbox.Submitter;
import com.zaxxer.hikari.HikariDataSource;
import io.pgevents.benchmark.contestant.Contestant;
import io.pgevents.benchmark.contestant.Receipts;
import io.pgevents.benchmark.contestant.Target;
import java.sql.SQLException;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/** gruelbox as it is meant: whoever has published an event handles it after the commit. */
final class GruelboxPeer implements Contestant {

    static final String NAME = "gruelbox";

    private final int workers;
    private final HikariDataSource pool;
    private final WorkerPool executor;
    private final GruelboxOutbox outbox;
    private volatile @Nullable Receipts receipts;

    GruelboxPeer(Target target, int workers) throws SQLException {
        this.workers = workers;
        pool = target.pool(workers + 4);
        Schema.createEffects(pool);
        executor = new WorkerPool(NAME, workers);
        outbox = new GruelboxOutbox(pool, Submitter.withExecutor(executor), Clock.systemUTC(), this::received);
    }

    @Override
    public String tuning() {
        return GruelboxOutbox.VERSION + ", handled after the commit by " + workers + " threads of the publisher, which"
                + " waits when 16,384 wait, pool " + (workers + 4) + ", Gson; the effect and the deletion are one"
                + " transaction";
    }

    @Override
    public boolean handlesWhereItPublishes() {
        return true;
    }

    @Override
    public void publish(int first, int count) {
        outbox.publish(first, count);
    }

    @Override
    public void consume(Receipts receipts) {
        this.receipts = receipts;
    }

    @Override
    public void close() {
        executor.close();
        pool.close();
    }

    private void received(int number) {
        Receipts consumer = receipts;
        if (consumer == null) {
            throw new IllegalStateException("Event " + number + " was published before anything consumes");
        }
        consumer.received(number);
    }
}
