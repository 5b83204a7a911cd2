package io.pgevents.sample;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An order as a client sees it.
 *
 * @param id the id of its {@code order.placed} event
 * @param number a short number for people
 * @param source the door it came through, {@code http} or {@code sql}
 * @param status {@code placed}, {@code reserved}, {@code paid}, and at the end {@code shipped} or {@code failed}
 * @param steps what has been done so far, in order
 * @param trouble what keeps it from going on, or null
 */
record Order(
        UUID id,
        long number,
        String customer,
        String item,
        int quantity,
        String source,
        String status,
        Instant createdAt,
        List<Step> steps,
        @Nullable Trouble trouble) {

    /** A step that is done, and which attempt of which instance of the shop did it. */
    record Step(String step, int attempt, String instance, Instant at) {}

    /**
     * Failed attempts, or a reason that no attempt can mend.
     *
     * @param attempts the attempts that have failed; 0 if no attempt can help
     * @param lastError why the last one failed
     * @param retryInMillis when the next attempt is due, or null if there is none
     * @param deadLetter the event that can be replayed, or null if there is none
     */
    record Trouble(
            int attempts,
            String lastError,
            @Nullable Long retryInMillis,
            @Nullable Long deadLetter) {}
}
