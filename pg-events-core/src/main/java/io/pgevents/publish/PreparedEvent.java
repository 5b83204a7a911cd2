package io.pgevents.publish;

import io.pgevents.OutgoingEvent;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A checked event, ready to be inserted.
 *
 * @param eventId its id, a UUID of version 7
 * @param event what the caller asked for
 * @param payload the JSON text
 * @param headers the headers as a JSON text, or null if there are none
 */
public record PreparedEvent(
        UUID eventId,
        OutgoingEvent event,
        String payload,
        @Nullable String headers) {

    long delayMillis() {
        return event.schedule() instanceof OutgoingEvent.Schedule.After after
                ? after.delay().toMillis()
                : 0;
    }

    @Nullable
    Instant dueTime() {
        return event.schedule() instanceof OutgoingEvent.Schedule.At at ? at.dueTime() : null;
    }

    boolean isDeduplicated() {
        return event.deduplicationKey() != null;
    }
}
