package io.pgevents.subscription;

import io.pgevents.retry.RetryPolicy;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a subscription is run. Immutable.
 *
 * @param mode transactional or leased
 * @param order what order is kept
 * @param concurrency the events handled at the same time by one instance; at least 1
 * @param batchSize the most events claimed at once, 1 to 1,000
 * @param lease in leased mode, how long a claim holds without being renewed; at least 1 s
 * @param timeout how long one handling may take, 1 ms to 24 days; null for no limit
 * @param retry what follows a failure
 */
public record SubscriptionSettings(
        Mode mode,
        Order order,
        int concurrency,
        int batchSize,
        Duration lease,
        @Nullable Duration timeout,
        RetryPolicy retry) {

    /** Transactional, unordered, one at a time per instance, batches of up to 100, a lease of 30 s, no timeout. */
    public static final SubscriptionSettings DEFAULT = new SubscriptionSettings(
            Mode.TRANSACTIONAL, Order.NONE, 1, 100, Duration.ofSeconds(30), null, RetryPolicy.DEFAULT);

    /** The server counts milliseconds in 31 bits. */
    private static final Duration LONGEST_TIMEOUT = Duration.ofDays(24);

    public SubscriptionSettings {
        require(concurrency >= 1 && concurrency <= 1000, "concurrency must be 1 to 1000: " + concurrency);
        require(batchSize >= 1 && batchSize <= 1000, "batchSize must be 1 to 1000: " + batchSize);
        require(lease.toMillis() >= 1000, "lease must be at least 1 second: " + lease);
        require(
                timeout == null || (timeout.toMillis() >= 1 && timeout.compareTo(LONGEST_TIMEOUT) <= 0),
                "timeout must be 1 ms to 24 days: " + timeout);
    }

    /** Whether the events of a key are handled one at a time. */
    public boolean isOrdered() {
        return order != Order.NONE;
    }

    private static void require(boolean valid, String message) {
        if (!valid) {
            throw new IllegalArgumentException(message);
        }
    }

    /** How a subscription claims and finishes events. */
    public enum Mode {
        /**
         * The handler runs in the transaction that claims and finishes the event: exactly-once effect in this database.
         */
        TRANSACTIONAL,
        /**
         * The handler runs without a transaction, under a lease that is renewed: at least once, for slow or external
         * work.
         */
        LEASED
    }

    /** What order a subscription keeps. */
    public enum Order {
        /** None: ready events are claimed by priority and due time, and handled side by side. */
        NONE,
        /** The events of a key one at a time over all instances; a failing event holds up its key. */
        KEY,
        /** The events of a key one at a time over all instances; a failing event steps aside until its next attempt. */
        KEY_SKIP_FAILED
    }
}
