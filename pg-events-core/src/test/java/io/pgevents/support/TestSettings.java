package io.pgevents.support;

import io.pgevents.maintenance.Retention;
import io.pgevents.retry.RetryPolicy;
import io.pgevents.runtime.PgEventsSettings;
import io.pgevents.subscription.SubscriptionSettings;
import io.pgevents.subscription.SubscriptionSettings.Mode;
import io.pgevents.subscription.SubscriptionSettings.Order;
import java.time.Duration;

/** Settings of subscriptions that differ from the default in one thing. */
public final class TestSettings {

    private static final SubscriptionSettings BASE = SubscriptionSettings.DEFAULT;

    /** Transactional, three attempts 50 ms apart. */
    public static final SubscriptionSettings QUICK = retry(TestBus.QUICK_RETRY);

    private TestSettings() {}

    /** With a retry policy. */
    public static SubscriptionSettings retry(RetryPolicy retry) {
        return new SubscriptionSettings(
                BASE.mode(), BASE.order(), BASE.concurrency(), BASE.batchSize(), BASE.lease(), BASE.timeout(), retry);
    }

    /** With quick retries and a batch size. */
    public static SubscriptionSettings batchSize(int size) {
        return new SubscriptionSettings(
                BASE.mode(), BASE.order(), 1, size, BASE.lease(), BASE.timeout(), TestBus.QUICK_RETRY);
    }

    /** With quick retries and a timeout. */
    public static SubscriptionSettings timeout(Mode mode, Duration timeout) {
        return new SubscriptionSettings(
                mode, BASE.order(), 1, BASE.batchSize(), BASE.lease(), timeout, TestBus.QUICK_RETRY);
    }

    /** In leased mode, with quick retries. */
    public static SubscriptionSettings leased() {
        return new SubscriptionSettings(
                Mode.LEASED, BASE.order(), 1, BASE.batchSize(), BASE.lease(), null, TestBus.QUICK_RETRY);
    }

    /** With an order. */
    public static SubscriptionSettings order(Order order) {
        return new SubscriptionSettings(
                BASE.mode(), order, 1, BASE.batchSize(), BASE.lease(), null, TestBus.QUICK_RETRY);
    }

    /** A poll so slow that a test would fail if it waited for it. */
    public static PgEventsSettings slowPoll(PgEventsSettings settings) {
        return new PgEventsSettings(
                settings.nodeName(),
                true,
                Duration.ofMinutes(1),
                settings.maxTransactions(),
                settings.drainTimeout(),
                settings.retention());
    }

    /** With a retention. */
    public static PgEventsSettings retention(PgEventsSettings settings, Retention retention) {
        return new PgEventsSettings(
                settings.nodeName(),
                settings.listen(),
                settings.pollInterval(),
                settings.maxTransactions(),
                settings.drainTimeout(),
                retention);
    }
}
