package io.pgevents.live;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An event as the live log has it.
 *
 * @param eventId the same in all copies of the event
 * @param topic where it was published
 * @param type the name of its payload's type, if it has one
 * @param key its ordering key, if it has one
 * @param headers what it was published with
 * @param payload JSON text
 * @param createdAt when it was published
 * @param cursor everything up to and with this event: who comes back with it gets what came after
 */
public record LiveEvent(
        UUID eventId,
        String topic,
        @Nullable String type,
        @Nullable String key,
        Map<String, String> headers,
        String payload,
        Instant createdAt,
        LiveCursor cursor) {

    private static final int FRAME = 200;

    /** About how much memory it takes. */
    long bytes() {
        long headerBytes = headers.entrySet().stream()
                .mapToLong(
                        each -> each.getKey().length() + (long) each.getValue().length())
                .sum();
        return FRAME + payload.length() + headerBytes;
    }
}
