package io.pgevents.runtime;

import io.pgevents.jdbc.DedicatedConnections;
import io.pgevents.publish.JdbcEventPublisher;
import io.pgevents.schema.EventSchema;
import io.pgevents.subscription.DeclaredSubscriptions;
import java.util.concurrent.Executor;
import javax.sql.DataSource;
import org.springframework.context.SmartLifecycle;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * One instance of the bus: registers the declared subscriptions at start and runs their consumers until it is stopped. A stop
 * claims nothing more, waits for running handlers for the drain timeout, and hands back what has not begun. It is started
 * after, and stopped before, the web server.
 */
public final class PgEvents implements SmartLifecycle {

    /**
     * What the bus works with.
     *
     * @param dataSource the pool, the same the transaction manager uses
     * @param transactionManager begins the handling transactions
     * @param dedicatedConnections opens the connection for LISTEN
     * @param executor runs handlers: a thread for each task, pooled or virtual; the bus bounds how many run
     */
    public record Infrastructure(
            DataSource dataSource,
            PlatformTransactionManager transactionManager,
            DedicatedConnections dedicatedConnections,
            Executor executor) {}

    public PgEvents(
            Infrastructure infrastructure,
            EventSchema schema,
            JdbcEventPublisher publisher,
            DeclaredSubscriptions subscriptions,
            PgEventsSettings settings) {}

    @Override
    public void start() {
        throw new IllegalStateException();
    }

    @Override
    public void stop() {
        throw new IllegalStateException();
    }

    @Override
    public boolean isRunning() {
        return false;
    }
}
