package io.pgevents.benchmark.peers;

import com.zaxxer.hikari.HikariDataSource;
import io.pgevents.benchmark.contestant.Contestant;
import io.pgevents.benchmark.contestant.Payload;
import io.pgevents.benchmark.contestant.Receipts;
import io.pgevents.benchmark.contestant.Target;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.jobrunr.jobs.annotations.Job;
import org.jobrunr.jobs.lambdas.JobRequest;
import org.jobrunr.jobs.lambdas.JobRequestHandler;
import org.jobrunr.jobs.mappers.JobMapper;
import org.jobrunr.scheduling.JobRequestScheduler;
import org.jobrunr.server.BackgroundJobServer;
import org.jobrunr.server.BackgroundJobServerConfiguration;
import org.jobrunr.server.JobActivator;
import org.jobrunr.storage.StorageProvider;
import org.jobrunr.storage.sql.postgres.PostgresStorageProvider;
import org.jobrunr.utils.mapper.JsonMapper;
import org.jobrunr.utils.mapper.jackson.JacksonJsonMapper;
import org.jspecify.annotations.Nullable;

/** JobRunr: an event is a job request. */
final class JobRunrPeer implements Contestant {

    static final String NAME = "jobrunr";

    private static final Duration SHORTEST_POLLING = Duration.ofSeconds(5);

    private final int workers;
    private final HikariDataSource pool;
    private final JsonMapper json = new JacksonJsonMapper();
    private final StorageProvider storage;
    private final JobRequestScheduler scheduler;
    private @Nullable BackgroundJobServer server;

    JobRunrPeer(Target target, int workers) throws SQLException {
        this.workers = workers;
        pool = target.pool(workers + 4);
        Schema.createEffects(pool);
        storage = new PostgresStorageProvider(pool);
        storage.setJobMapper(new JobMapper(json));
        scheduler = new JobRequestScheduler(storage, List.of());
    }

    @Override
    public String tuning() {
        return Versions.of("jobrunr") + " open source, " + workers + " workers, polls every 5 s (its minimum), pool "
                + (workers + 4)
                + ", job requests saved as one stream, Jackson; the effect is a transaction of its own; finished jobs"
                + " stay (36 h), it cannot delete them at once";
    }

    @Override
    public void publish(int first, int count) {
        scheduler.enqueue(IntStream.range(first, first + count).mapToObj(number -> new Event(Payload.of(number))));
    }

    @Override
    public void consume(Receipts receipts) {
        EventHandler handler = new EventHandler(new Handling(pool, receipts));
        BackgroundJobServerConfiguration configuration =
                BackgroundJobServerConfiguration.usingStandardBackgroundJobServerConfiguration()
                        .andWorkerCount(workers)
                        .andPollInterval(SHORTEST_POLLING);
        server = new BackgroundJobServer(storage, json, new OneHandler(handler), configuration);
        server.start();
    }

    @Override
    public void close() {
        if (server != null) {
            server.stop();
        }
        storage.close();
        pool.close();
    }

    /** The job; stored as JSON. */
    record Event(Payload payload) implements JobRequest {

        @Override
        public Class<EventHandler> getJobRequestHandler() {
            return EventHandler.class;
        }
    }

    /** Runs the job; public because JobRunr calls it by reflection. */
    public record EventHandler(Handling handling) implements JobRequestHandler<Event> {

        @Job(name = "event")
        @Override
        public void run(Event event) {
            handling.handle(event.payload());
        }
    }

    private record OneHandler(EventHandler handler) implements JobActivator {

        @Override
        public <T> T activateJob(Class<T> type) {
            return type.cast(handler);
        }
    }
}
