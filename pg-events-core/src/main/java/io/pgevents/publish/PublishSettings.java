package io.pgevents.publish;

import java.time.Duration;

/**
 * Limits of publishing.
 *
 * @param maxPayloadBytes the longest payload, in bytes of its JSON text
 * @param deduplicationWindow how long a de-duplication key is remembered
 */
public record PublishSettings(int maxPayloadBytes, Duration deduplicationWindow) {

    /** 1 MiB, one day. */
    public static final PublishSettings DEFAULT = new PublishSettings(1 << 20, Duration.ofDays(1));

    public PublishSettings {
        if (maxPayloadBytes < 1) {
            throw new IllegalArgumentException("The longest payload must have at least 1 byte: " + maxPayloadBytes);
        }
        if (deduplicationWindow.isNegative() || deduplicationWindow.isZero()) {
            throw new IllegalArgumentException("The de-duplication window must be positive: " + deduplicationWindow);
        }
    }
}
