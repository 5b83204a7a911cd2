package io.pgevents.benchmark.profile;

import io.pgevents.benchmark.server.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Looks every 20 ms at what the sessions wait for that are in a statement; with a connection and a thread of its own. */
final class WaitEvents {

    private static final long EACH_MILLIS = 20;
    private static final String SAMPLE = """
            SELECT coalesce(wait_event_type || ' ' || wait_event, 'on a processor, or ready for it') AS state, count(*)
            FROM pg_stat_activity
            WHERE backend_type = 'client backend' AND state = 'active' AND pid <> pg_backend_pid()
            GROUP BY 1""";

    private final Map<String, Long> samples = new ConcurrentHashMap<>();
    private final Connection connection;
    private final PreparedStatement sample;
    private final ScheduledFuture<?> sampling;
    private volatile @Nullable Exception failure;
    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();

    WaitEvents(Database database) throws SQLException {
        connection = database.open();
        sample = connection.prepareStatement(SAMPLE);
        sampling = executor.scheduleAtFixedRate(this::look, EACH_MILLIS, EACH_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void look() {
        try (ResultSet rows = sample.executeQuery()) {
            while (rows.next()) {
                samples.merge(rows.getString(1), rows.getLong(2), Long::sum);
            }
        } catch (SQLException ex) {
            failure = ex;
            throw new IllegalStateException(ex);
        }
    }

    /** Ends, and tells what was seen most often. */
    List<String> stop() throws SQLException {
        sampling.cancel(false);
        executor.shutdown();
        try {
            executor.awaitTermination(10, TimeUnit.SECONDS);
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
        connection.close();
        List<String> lines = new ArrayList<>();
        samples.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .map(each -> String.format(Locale.ROOT, "%8d  %s", each.getValue(), each.getKey()))
                .forEach(lines::add);
        if (failure != null) {
            lines.add("Not all of the time: sampling has failed. " + failure);
        }
        return lines;
    }
}
