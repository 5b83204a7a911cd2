package io.pgevents.boot.listener;

import io.pgevents.retry.RetryPolicy;
import io.pgevents.retry.RetryPolicy.Backoff;
import io.pgevents.subscription.SubscriptionSettings;
import io.pgevents.subscription.SubscriptionSettings.Mode;
import io.pgevents.subscription.SubscriptionSettings.Order;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.NestedConfigurationProperty;

/**
 * What was said about a subscription in one place, the properties or an annotation; null for what was not.
 *
 * @param mode How events are claimed and finished.
 * @param concurrency Events handled at the same time by each instance of the application, 1 to 1000.
 * @param batchSize Most events claimed at once, and the most a batch handler gets, 1 to 1000.
 * @param order Order in which events are handled.
 * @param lease In leased mode, how long a claim holds without being renewed; at least 1 second.
 * @param timeout How long one handling may take before it is interrupted and has failed; 0 for no limit.
 * @param retry What happens after a failure.
 */
public record SubscriptionOptions(
        @Nullable Mode mode,
        @Nullable Integer concurrency,
        @Nullable Integer batchSize,
        @Nullable Order order,
        @Nullable Duration lease,
        @Nullable Duration timeout,
        @NestedConfigurationProperty @Nullable RetryOptions retry) {

    /** Nothing was said. */
    public static final SubscriptionOptions NONE = new SubscriptionOptions(null, null, null, null, null, null, null);

    SubscriptionOptions orElse(SubscriptionOptions other) {
        return new SubscriptionOptions(
                Options.first(mode, other.mode),
                Options.first(concurrency, other.concurrency),
                Options.first(batchSize, other.batchSize),
                Options.first(order, other.order),
                Options.first(lease, other.lease),
                Options.first(timeout, other.timeout),
                retryOrNone().orElse(other.retryOrNone()));
    }

    /**
     * The settings, with the built-in defaults for what was not said.
     *
     * @throws IllegalArgumentException if a value is not allowed
     */
    SubscriptionSettings toSettings(
            Set<Class<? extends Throwable>> includes, Set<Class<? extends Throwable>> excludes) {
        SubscriptionSettings defaults = SubscriptionSettings.DEFAULT;
        Duration limit = Options.first(timeout, defaults.timeout());
        return new SubscriptionSettings(
                Options.orDefault(mode, defaults.mode()),
                Options.orDefault(order, defaults.order()),
                Options.orDefault(concurrency, defaults.concurrency()),
                Options.orDefault(batchSize, defaults.batchSize()),
                Options.orDefault(lease, defaults.lease()),
                limit == null || limit.isZero() ? null : limit,
                retryPolicy(includes, excludes));
    }

    private RetryPolicy retryPolicy(
            Set<Class<? extends Throwable>> includes, Set<Class<? extends Throwable>> excludes) {
        RetryOptions options = retryOrNone();
        Backoff backoff = RetryPolicy.DEFAULT.backoff();
        Duration delay = Options.orDefault(options.delay(), backoff.delay());
        Duration longest = options.maxDelay();
        if (longest == null) {
            // A first delay beyond the default cap moves the cap along.
            longest = delay.compareTo(backoff.maxDelay()) > 0 ? delay : backoff.maxDelay();
        }
        return new RetryPolicy(
                Options.orDefault(options.maxAttempts(), RetryPolicy.DEFAULT.maxAttempts()),
                new Backoff(
                        delay,
                        Options.orDefault(options.multiplier(), backoff.multiplier()),
                        longest,
                        Options.orDefault(options.jitter(), backoff.jitter())),
                includes,
                excludes);
    }

    private RetryOptions retryOrNone() {
        return Options.orDefault(retry, RetryOptions.NONE);
    }
}
