package io.pgevents;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a received event besides its payload. A handler may take it as a further parameter.
 *
 * @param id the row in {@code event_queue}; 0 for what is told by broadcast, which has no row there and one attempt
 * @param eventId the event; its copies for several subscriptions share it
 * @param topic the topic it was published to
 * @param subscription the subscription that handles it
 * @param type the type name the publisher gave, or null
 * @param key the ordering key, or null
 * @param headers text headers, unmodifiable
 * @param priority how urgent it is
 * @param attempt the number of this attempt, from 1
 * @param maxAttempts the attempts it may have
 * @param createdAt when it was published, by the database's clock
 * @param dueAt when it became due, by the database's clock
 */
public record EventMetadata(
        long id,
        UUID eventId,
        String topic,
        String subscription,
        @Nullable String type,
        @Nullable String key,
        Map<String, String> headers,
        Priority priority,
        int attempt,
        int maxAttempts,
        Instant createdAt,
        Instant dueAt) {

    public EventMetadata {
        headers = Map.copyOf(headers);
    }

    /** Whether a failure of this attempt makes the event a dead letter. */
    public boolean isLastAttempt() {
        return attempt >= maxAttempts;
    }
}
