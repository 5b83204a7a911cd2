package io.pgevents.benchmark.peers;

import com.zaxxer.hikari.HikariDataSource;
import io.pgevents.benchmark.contestant.Contestant;
import io.pgevents.benchmark.contestant.Receipts;
import io.pgevents.benchmark.contestant.Target;
import java.sql.SQLException;
import java.time.Duration;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Spring Integration, polled. Threads poll the message store itself: in the channel in front of it they would take
 * turns on a lock.
 */
final class SpringIntegrationPeer implements Contestant {

    static final String NAME = "spring-integration";

    private static final Duration POLLING = Duration.ofMillis(25);

    private final int workers;
    private final HikariDataSource pool;
    private final SpringIntegrationStore store;
    private final PollingThreads threads = new PollingThreads(NAME, POLLING);

    SpringIntegrationPeer(Target target, int workers) throws SQLException {
        this.workers = workers;
        pool = target.pool(workers + 4);
        Schema.create(pool, SpringIntegrationStore.TABLE, SpringIntegrationStore.SCHEMA);
        store = new SpringIntegrationStore(pool, new TransactionTemplate(new JdbcTransactionManager(pool)));
    }

    @Override
    public String tuning() {
        return Versions.of("spring-integration") + ", " + workers
                + " threads poll the channel message store (PostgreSQL queries), every 25 ms when it"
                + " is empty, pool " + (workers + 4) + ", JSON text; a message, its effect and its deletion are one"
                + " transaction";
    }

    @Override
    public void publish(int first, int count) {
        store.publish(first, count);
    }

    @Override
    public void consume(Receipts receipts) {
        Handling handling = new Handling(pool, receipts);
        threads.start(workers, () -> store.handleOne(handling));
    }

    @Override
    public void close() {
        threads.close();
        pool.close();
    }
}
