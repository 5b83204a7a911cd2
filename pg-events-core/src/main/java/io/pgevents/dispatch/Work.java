package io.pgevents.dispatch;

import io.pgevents.queue.Claims.SubscriptionScope;
import io.pgevents.subscription.SubscriptionSettings;

/**
 * What the passes of one subscription share.
 *
 * @param scope whose events are claimed
 * @param settings how the subscription is run
 * @param claimer claims batches
 * @param call calls the handler
 * @param failures records failed attempts
 * @param limit sizes batches
 * @param stop says when to stop
 */
record Work<T>(
        SubscriptionScope scope,
        SubscriptionSettings settings,
        Claimer claimer,
        HandlerCall<T> call,
        Failures failures,
        BatchLimit limit,
        StopSignal stop) {}
