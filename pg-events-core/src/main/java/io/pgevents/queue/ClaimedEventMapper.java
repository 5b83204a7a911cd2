package io.pgevents.queue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pgevents.EventMetadata;
import io.pgevents.Priority;
import io.pgevents.queue.ClaimedEvent.Position;
import io.pgevents.queue.Claims.SubscriptionScope;
import io.pgevents.subscription.EventHandler.RawEvent;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.RowMapper;

/** Reads a claimed row. */
final class ClaimedEventMapper implements RowMapper<ClaimedEvent> {

    private static final Logger log = LoggerFactory.getLogger(ClaimedEventMapper.class);
    private static final ObjectMapper JSON = new ObjectMapper();

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
                headers(id, row.getString("headers")),
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

    /** A foreign client may have written anything; what is no text is given as its JSON text. */
    private static Map<String, String> headers(long id, @Nullable String json) {
        if (json == null) {
            return Map.of();
        }
        try {
            Map<String, String> headers = new LinkedHashMap<>();
            for (Map.Entry<String, JsonNode> each : JSON.readTree(json).properties()) {
                JsonNode value = each.getValue();
                headers.put(each.getKey(), value.isTextual() ? value.textValue() : value.toString());
            }
            return headers;
        } catch (JsonProcessingException ex) {
            // An exception would end the whole claim, and the next one, for as long as the event is there.
            log.warn("The headers of event {} cannot be read and are left out: {}", id, ex.getOriginalMessage());
            return Map.of();
        }
    }
}
