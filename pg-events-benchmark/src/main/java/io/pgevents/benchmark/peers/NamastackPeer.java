package io.pgevents.benchmark.peers;

import com.zaxxer.hikari.HikariDataSource;
import io.namastack.outbox.Outbox;
import io.namastack.outbox.annotation.OutboxHandler;
import io.pgevents.benchmark.contestant.Contestant;
import io.pgevents.benchmark.contestant.Payload;
import io.pgevents.benchmark.contestant.Receipts;
import io.pgevents.benchmark.contestant.Target;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.AbstractApplicationContext;
import org.springframework.context.support.DefaultLifecycleProcessor;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * namastack's outbox. The publishing side is a context of its own that starts nothing: each started one is given a
 * share of the partitions, and would keep its share from being handled.
 */
final class NamastackPeer implements Contestant {

    static final String NAME = "namastack";

    private static final List<String> PUBLISHING = List.of(
            "io.namastack.outbox.OutboxJacksonAutoConfiguration",
            "io.namastack.outbox.config.JdbcOutboxAutoConfiguration",
            "io.namastack.outbox.config.JdbcOutboxSchemaAutoConfiguration",
            "io.namastack.outbox.config.OutboxCoreThreadingAutoConfiguration",
            "io.namastack.outbox.config.OutboxCoreInfrastructureAutoConfiguration");
    private static final List<String> CONSUMING = List.of(
            "io.namastack.outbox.config.OutboxCoreProcessingAutoConfiguration",
            "io.namastack.outbox.config.OutboxCoreSchedulingAutoConfiguration");

    private final int workers;
    private final HikariDataSource pool;
    private final ConfigurableApplicationContext publisher;
    private final Outbox outbox;
    private final TransactionTemplate transaction;
    private @Nullable ConfigurableApplicationContext consumer;

    NamastackPeer(Target target, int workers) throws SQLException {
        this.workers = workers;
        pool = target.pool(workers + 4);
        Schema.createEffects(pool);
        publisher = PeerContext.open(pool, Map.of(), PUBLISHING, context -> {
            register(context, number -> {});
            context.registerBean(
                    AbstractApplicationContext.LIFECYCLE_PROCESSOR_BEAN_NAME,
                    DefaultLifecycleProcessor.class,
                    StartsNothing::new);
        });
        outbox = publisher.getBean(Outbox.class);
        transaction = new TransactionTemplate(publisher.getBean(PlatformTransactionManager.class));
    }

    @Override
    public String tuning() {
        return Versions.of("namastack") + " JDBC, polls 1000 keys every 25 ms, a key for each event, " + workers
                + " threads, completed"
                + " records deleted, heartbeat and rebalancing every second, pool " + (workers + 4)
                + ", Jackson; the effect is a transaction of its own";
    }

    @Override
    public void publish(int first, int count) {
        transaction.executeWithoutResult(status -> {
            for (int number = first; number < first + count; number++) {
                outbox.schedule(Payload.of(number), Integer.toString(number));
            }
        });
    }

    @Override
    public void consume(Receipts receipts) {
        Map<String, Object> settings = Map.of(
                "namastack.outbox.polling.batch-size",
                1000,
                "namastack.outbox.polling.fixed.interval",
                "25ms",
                "namastack.outbox.processing.executor-core-pool-size",
                workers,
                "namastack.outbox.processing.executor-max-pool-size",
                workers,
                "namastack.outbox.processing.delete-completed-records",
                true,
                "namastack.outbox.processing.shutdown-timeout",
                "10s",
                "namastack.outbox.instance.heartbeat-interval",
                "1s",
                "namastack.outbox.instance.rebalance-interval",
                "1s");
        List<String> configurations = new ArrayList<>(PUBLISHING);
        configurations.addAll(CONSUMING);
        consumer = PeerContext.open(pool, settings, configurations, context -> register(context, receipts));
    }

    @Override
    public void close() {
        if (consumer != null) {
            consumer.close();
        }
        publisher.close();
        pool.close();
    }

    private void register(GenericApplicationContext context, Receipts receipts) {
        context.registerBean(Handler.class, () -> new Handler(new Handling(pool, receipts)));
    }

    /** Gets the events; what is published is stored for the handlers the publisher has, so both sides have it. */
    static class Handler {

        private final Handling handling;

        Handler(Handling handling) {
            this.handling = handling;
        }

        @OutboxHandler
        public void on(Payload payload) {
            handling.handle(payload);
        }
    }

    private static final class StartsNothing extends DefaultLifecycleProcessor {

        @Override
        public void onRefresh() {}
    }
}
