package io.pgevents.benchmark.ours;

import io.pgevents.subscription.SubscriptionSettings.Mode;
import io.pgevents.subscription.SubscriptionSettings.Order;
import java.time.Duration;
import java.util.Locale;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * How pg-events is used. Immutable.
 *
 * @param mode transactional or leased
 * @param batch whether the handler takes a batch of events at once
 * @param order what order is kept
 * @param keys the ordering key of an event, by its number
 * @param retention how long finished events are kept; zero deletes them when they are finished
 * @param subscriptions how many subscriptions the topic has; each numbers what it receives on its own
 * @param effects whether handlers write to the table of effects
 */
public record Variant(
        Mode mode,
        boolean batch,
        Order order,
        IntFunction<@Nullable String> keys,
        Duration retention,
        int subscriptions,
        boolean effects) {

    /** The default of an application, but that finished events are not kept: one event per call, in the transaction. */
    public static final Variant SINGLE =
            new Variant(Mode.TRANSACTIONAL, false, Order.NONE, number -> null, Duration.ZERO, 1, true);

    /** With a handler that takes batches. */
    public static final Variant BATCH =
            new Variant(Mode.TRANSACTIONAL, true, Order.NONE, n -> null, Duration.ZERO, 1, true);

    /** Under a lease, without a transaction around the handler. */
    public static final Variant LEASED = new Variant(Mode.LEASED, false, Order.NONE, n -> null, Duration.ZERO, 1, true);

    /** With ordering keys, whether or not the order is kept. */
    public Variant withKeys(Order newOrder, IntFunction<@Nullable String> newKeys) {
        return new Variant(mode, batch, newOrder, newKeys, retention, subscriptions, effects);
    }

    /** With finished events kept. */
    public Variant withRetention(Duration newRetention) {
        return new Variant(mode, batch, order, keys, newRetention, subscriptions, effects);
    }

    /** With several subscriptions. */
    public Variant withSubscriptions(int count) {
        return new Variant(mode, batch, order, keys, retention, count, effects);
    }

    /** With handlers that write nothing. */
    public Variant withoutEffects() {
        return new Variant(mode, batch, order, keys, retention, subscriptions, false);
    }

    String describe(int workers) {
        return String.format(
                Locale.ROOT,
                "%s, %s handler, concurrency %d, batches of 100, finished events kept for %s",
                mode.name().toLowerCase(Locale.ROOT),
                batch ? "batch" : "per-event",
                workers,
                retention.isZero() ? "no time" : retention.toSeconds() + " s");
    }
}
