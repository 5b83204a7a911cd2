package io.pgevents.queue;

import io.pgevents.EventMetadata;
import io.pgevents.Priority;
import io.pgevents.codec.Headers;
import io.pgevents.queue.ClaimedEvent.Position;
import io.pgevents.queue.Claims.SubscriptionScope;
import io.pgevents.subscription.EventHandler.RawEvent;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.springframework.jdbc.core.RowMapper;

/** Reads a claimed row. */
final class ClaimedEventMapper implements RowMapper<ClaimedEvent> {

    private final SubscriptionScope scope;

    ClaimedEventMapper(SubscriptionScope scope) {
        this.scope = scope;
    }

    @Override
    public ClaimedEvent mapRow(ResultSet row, int rowNumber) throws SQLException {
        OffsetDateTime processAt = row.getObject("process_at", OffsetDateTime.class);
        long id = row.getLong("id");
        int attemptCount = row.getInt("attempt_count");
        int ownAttempts = row.getInt("max_attempts");
        EventMetadata metadata = new EventMetadata(
                id,
                row.getObject("event_id", UUID.class),
                row.getString("topic"),
                scope.subscription(),
                row.getString("type"),
                Claims.emptyToNull(row.getString("ordering_key")),
                Headers.read(id, row.getString("headers")),
                Priority.ofLevel(row.getInt("priority")),
                attemptCount + 1,
                ownAttempts == 0 ? scope.maxAttempts() : ownAttempts,
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                processAt.toInstant());
        return new ClaimedEvent(
                new RawEvent(metadata, row.getString("payload")),
                attemptCount,
                new Position(processAt, id),
                row.getString("ordering_key"),
                null);
    }
}
