package io.pgevents.benchmark.peers;

import com.zaxxer.hikari.HikariDataSource;
import io.pgevents.benchmark.contestant.Contestant;
import io.pgevents.benchmark.contestant.Payload;
import io.pgevents.benchmark.contestant.Receipts;
import io.pgevents.benchmark.contestant.Target;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.modulith.events.ApplicationModuleListener;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Spring Modulith's event publication registry: whoever has published an event handles it after the commit. */
final class ModulithPeer implements Contestant {

    static final String NAME = "modulith";

    private static final List<String> CONFIGURATIONS = List.of(
            "org.springframework.modulith.events.jackson.JacksonEventSerializationConfiguration",
            "org.springframework.modulith.events.jdbc.JdbcEventPublicationAutoConfiguration",
            "org.springframework.modulith.events.config.EventPublicationAutoConfiguration");

    private final int workers;
    private final HikariDataSource pool;
    private final ConfigurableApplicationContext context;
    private final TransactionTemplate transaction;
    private volatile @Nullable Handling handling;

    ModulithPeer(Target target, int workers) throws SQLException {
        this.workers = workers;
        pool = target.pool(2 * workers + 4);
        Schema.createEffects(pool);
        context = PeerContext.open(
                pool,
                Map.of(
                        "spring.modulith.events.completion-mode",
                        "delete",
                        "spring.task.execution.pool.core-size",
                        workers,
                        "spring.task.execution.pool.max-size",
                        workers,
                        // What waits is forgotten; what is under way has the time to end.
                        "spring.task.execution.shutdown.await-termination",
                        false,
                        "spring.task.execution.shutdown.await-termination-period",
                        "10s"),
                CONFIGURATIONS,
                beans -> beans.registerBean(Listener.class, () -> new Listener(this)));
        transaction = new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
    }

    @Override
    public String tuning() {
        return Versions.of("modulith") + " JDBC, completion mode delete, module listener after the commit on " + workers
                + " threads, pool "
                + (2 * workers + 4) + " (its status changes are transactions of their own, beside the listener's),"
                + " Jackson stores, the listener gets the object; the effect is a transaction of its own";
    }

    @Override
    public boolean handlesWhereItPublishes() {
        return true;
    }

    @Override
    public void publish(int first, int count) {
        transaction.executeWithoutResult(status -> {
            for (int number = first; number < first + count; number++) {
                context.publishEvent(Payload.of(number));
            }
        });
    }

    @Override
    public void consume(Receipts receipts) {
        handling = new Handling(pool, receipts);
    }

    @Override
    public void close() {
        context.close();
        pool.close();
    }

    private void handle(Payload payload) {
        Handling consumer = handling;
        if (consumer == null) {
            throw new IllegalStateException("Event " + payload.number() + " was published before anything consumes");
        }
        consumer.handle(payload);
    }

    /** Gets the events; not final, for Spring makes a proxy of it. */
    static class Listener {

        private final ModulithPeer peer;

        Listener(ModulithPeer peer) {
            this.peer = peer;
        }

        @ApplicationModuleListener
        void on(Payload payload) {
            peer.handle(payload);
        }
    }
}
