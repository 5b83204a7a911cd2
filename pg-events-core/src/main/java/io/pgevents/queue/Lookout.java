package io.pgevents.queue;

import io.pgevents.Priority;
import io.pgevents.jdbc.CommittedJdbc;
import io.pgevents.jdbc.SqlCall;
import io.pgevents.jdbc.SqlStatements;
import io.pgevents.queue.ClaimedEvent.Position;
import io.pgevents.schema.EventSchema;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/** Looks, with one statement for all idle subscriptions, whether anything is ready or due soon. Thread-safe. */
public final class Lookout {

    private final JdbcTemplate jdbc;
    private final String lookout;

    public Lookout(DataSource dataSource, EventSchema schema) {
        this.jdbc = CommittedJdbc.joining(dataSource);
        this.lookout = new SqlStatements(schema).get("event_queue/lookout");
    }

    /**
     * What was seen of one subscription.
     *
     * @param subscription its name
     * @param ready whether an event beyond the given positions is ready; it may be locked by another instance
     * @param nextDue in how long the next event is due, or null if none is scheduled
     */
    public record Sighting(
            String subscription, boolean ready, @Nullable Duration nextDue) {}

    /** Looks at subscriptions, each from its positions on. */
    public List<Sighting> look(Map<String, Map<Priority, Position>> floors) {
        List<Floor> all = new ArrayList<>();
        floors.forEach((subscription, from) ->
                from.forEach((priority, position) -> all.add(new Floor(subscription, priority, position))));
        SqlCall call = SqlCall.of(lookout)
                .array("text", all, Floor::subscription)
                .array("int2", all, floor -> (short) floor.priority().level())
                .array("timestamptz", all, floor -> floor.position().timeText())
                .array("int8", all, floor -> floor.position().id());
        return jdbc.query(call, (row, n) -> {
            long millis = row.getLong("next_due_ms");
            Duration nextDue = row.wasNull() ? null : Duration.ofMillis(Math.max(millis, 0) + 1);
            return new Sighting(row.getString("subscription"), row.getBoolean("ready"), nextDue);
        });
    }

    private record Floor(String subscription, Priority priority, Position position) {}
}
