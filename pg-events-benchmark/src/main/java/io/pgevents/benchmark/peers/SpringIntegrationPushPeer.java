package io.pgevents.benchmark.peers;

import com.zaxxer.hikari.HikariDataSource;
import io.pgevents.benchmark.contestant.Contestant;
import io.pgevents.benchmark.contestant.Receipts;
import io.pgevents.benchmark.contestant.Target;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.jdbc.PgConnection;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.integration.jdbc.channel.PostgresChannelMessageTableSubscriber;
import org.springframework.integration.jdbc.channel.PostgresSubscribableChannel;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.messaging.MessageHandler;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.transaction.support.TransactionTemplate;

/** Spring Integration's channel that NOTIFY wakes. */
final class SpringIntegrationPushPeer implements Contestant {

    static final String NAME = "spring-integration-push";

    private final int workers;
    private final HikariDataSource pool;
    private final JdbcTransactionManager transactions;
    private final SpringIntegrationStore store;
    private final PostgresChannelMessageTableSubscriber subscriber;
    private final ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
    private @Nullable Runnable unsubscribe;

    SpringIntegrationPushPeer(Target target, int workers) throws SQLException {
        this.workers = workers;
        pool = target.pool(workers + 4);
        Schema.create(pool, SpringIntegrationStore.TABLE, SpringIntegrationStore.SCHEMA);
        try (Connection connection = pool.getConnection()) {
            Schema.run(connection, "io/pgevents/benchmark/peers/spring-integration-push.sql");
        }
        transactions = new JdbcTransactionManager(pool);
        store = new SpringIntegrationStore(pool, new TransactionTemplate(transactions));
        subscriber = new PostgresChannelMessageTableSubscriber(
                () -> DriverManager.getConnection(target.url(), target.user(), target.password())
                        .unwrap(PgConnection.class));
        executor.setCorePoolSize(workers);
        executor.setThreadNamePrefix(NAME + "-");
    }

    @Override
    public String tuning() {
        return Versions.of("spring-integration")
                + ", subscribable channel woken by NOTIFY (a trigger for each row, a connection of its own), "
                + workers + " dispatching threads, all of them begin with the backlog, pool " + (workers + 4)
                + ", JSON text; a message, its effect and its deletion are one transaction";
    }

    @Override
    public void publish(int first, int count) {
        store.publish(first, count);
    }

    @Override
    public void consume(Receipts receipts) {
        Handling handling = new Handling(pool, receipts);
        MessageHandler handler = message -> handling.handle(store.decode(message));
        executor.initialize();
        PostgresSubscribableChannel channel =
                new PostgresSubscribableChannel(store.messages(), SpringIntegrationStore.GROUP, subscriber);
        channel.setBeanName(NAME);
        channel.setBeanFactory(new DefaultListableBeanFactory());
        channel.setDispatcherExecutor(executor);
        channel.setTransactionManager(transactions);
        channel.afterPropertiesSet();
        subscriber.start();
        channel.subscribe(handler);
        unsubscribe = () -> channel.unsubscribe(handler);
        for (int worker = 1; worker < workers; worker++) {
            channel.notifyUpdate();
        }
    }

    @Override
    public void close() {
        if (unsubscribe != null) {
            unsubscribe.run();
        }
        subscriber.stop();
        executor.shutdown();
        pool.close();
    }
}
