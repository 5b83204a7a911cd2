package io.pgevents.benchmark.peers;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.serializer.JacksonSerializer;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.zaxxer.hikari.HikariDataSource;
import io.pgevents.benchmark.contestant.Contestant;
import io.pgevents.benchmark.contestant.Payload;
import io.pgevents.benchmark.contestant.Receipts;
import io.pgevents.benchmark.contestant.Target;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** db-scheduler: an event is a one-time task that is due at once. */
final class DbSchedulerPeer implements Contestant {

    static final String NAME = "db-scheduler";

    private static final TaskDescriptor<Payload> EVENT = TaskDescriptor.of("event", Payload.class);
    private static final Duration POLLING = Duration.ofMillis(25);

    private final int workers;
    private final HikariDataSource pool;
    private final TransactionTemplate transaction;
    private final SchedulerClient client;
    private @Nullable Scheduler scheduler;

    DbSchedulerPeer(Target target, int workers) throws SQLException {
        this.workers = workers;
        pool = target.pool(workers + 4);
        Schema.create(pool, "scheduled_tasks", "io/pgevents/benchmark/peers/db-scheduler.sql");
        transaction = new TransactionTemplate(new JdbcTransactionManager(pool));
        client = SchedulerClient.Builder.create(new TransactionAwareDataSourceProxy(pool))
                .serializer(new JacksonSerializer())
                .build();
    }

    @Override
    public String tuning() {
        return Versions.of("db-scheduler") + ", lock-and-fetch 1.0/4.0, polls every 25 ms, " + workers
                + " threads, pool " + (workers + 4)
                + ", scheduleBatch, Jackson; the effect is a transaction of its own";
    }

    @Override
    public void publish(int first, int count) {
        List<TaskInstance<?>> events = IntStream.range(first, first + count)
                .<TaskInstance<?>>mapToObj(number -> EVENT.instance(Integer.toString(number))
                        .data(Payload.of(number))
                        .build())
                .toList();
        transaction.executeWithoutResult(status -> client.scheduleBatch(events, Instant.now()));
    }

    @Override
    public void consume(Receipts receipts) {
        Handling handling = new Handling(pool, receipts);
        OneTimeTask<Payload> task = Tasks.oneTime(EVENT).execute((event, context) -> handling.handle(event.getData()));
        scheduler = Scheduler.create(pool, task)
                .serializer(new JacksonSerializer())
                .threads(workers)
                .pollUsingLockAndFetch(1.0, 4.0)
                .pollingInterval(POLLING)
                .build();
        scheduler.start();
    }

    @Override
    public void close() {
        if (scheduler != null) {
            scheduler.stop();
        }
        pool.close();
    }
}
