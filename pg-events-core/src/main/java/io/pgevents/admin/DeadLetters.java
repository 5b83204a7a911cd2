package io.pgevents.admin;

import io.pgevents.jdbc.CommittedJdbc;
import io.pgevents.jdbc.SqlCall;
import io.pgevents.jdbc.SqlStatements;
import io.pgevents.schema.EventSchema;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/** Lists and replays dead letters. Thread-safe; joins the caller's transaction. */
public final class DeadLetters {

    private final JdbcTemplate jdbc;
    private final String list;
    private final String replay;
    private final String replayAll;

    public DeadLetters(DataSource dataSource, EventSchema schema) {
        SqlStatements statements = new SqlStatements(schema);
        this.jdbc = CommittedJdbc.joining(dataSource);
        this.list = statements.get("event_queue/dead_letters");
        this.replay = statements.get("event_queue/replay");
        this.replayAll = statements.get("event_queue/replay_all");
    }

    /**
     * The newest dead letters.
     *
     * @param subscription of this subscription only, or null for all
     * @param limit at most this many, 1 to 1,000
     */
    public List<DeadLetter> list(@Nullable String subscription, int limit) {
        require(limit, 1_000);
        SqlCall call = SqlCall.of(list).value(subscription).value(subscription).value(limit);
        return jdbc.query(
                call,
                (row, n) -> new DeadLetter(
                        row.getLong("id"),
                        row.getObject("event_id", UUID.class),
                        row.getString("subscription"),
                        row.getString("topic"),
                        row.getString("type"),
                        row.getString("ordering_key"),
                        row.getString("payload"),
                        row.getInt("attempt_count"),
                        row.getObject("created_at", OffsetDateTime.class).toInstant(),
                        row.getObject("finished_at", OffsetDateTime.class).toInstant(),
                        row.getString("last_error")));
    }

    /**
     * Gives a dead letter all its attempts again, due at once.
     *
     * @param id the row in {@code event_queue}
     * @return whether there is such a dead letter
     */
    public boolean replay(long id) {
        return jdbc.update(replay, id) > 0;
    }

    /**
     * Gives the oldest dead letters of a subscription all their attempts again, due at once.
     *
     * @param limit at most this many, 1 to 10,000
     * @return how many were replayed
     */
    public int replayAll(String subscription, int limit) {
        require(limit, 10_000);
        return jdbc.update(replayAll, subscription, limit);
    }

    private static void require(int limit, int most) {
        if (limit < 1 || limit > most) {
            throw new IllegalArgumentException("The limit must be 1 to " + most + ": " + limit);
        }
    }

    /**
     * An event whose attempts are used up.
     *
     * @param id the row in {@code event_queue}
     * @param eventId the event
     * @param subscription the subscription that gave up, or null if a foreign consumer did
     * @param topic its topic
     * @param type its type name, or null
     * @param key its ordering key, or null
     * @param payload the JSON text
     * @param attempts the attempts that were made
     * @param createdAt when it was published
     * @param failedAt when it became a dead letter
     * @param error the last error with its stack trace, or null
     */
    public record DeadLetter(
            long id,
            UUID eventId,
            @Nullable String subscription,
            String topic,
            @Nullable String type,
            @Nullable String key,
            String payload,
            int attempts,
            Instant createdAt,
            Instant failedAt,
            @Nullable String error) {}
}
