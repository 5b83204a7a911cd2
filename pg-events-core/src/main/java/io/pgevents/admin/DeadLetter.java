package io.pgevents.admin;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

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
