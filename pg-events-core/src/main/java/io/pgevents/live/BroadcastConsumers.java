package io.pgevents.live;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/** The broadcast handlers of one run at a time. Those of a later run have missed what came in between. Thread-safe. */
final class BroadcastConsumers {

    private final LiveFeed feed;
    private final List<BroadcastConsumer> consumers = new ArrayList<>();
    private final List<LiveFeed.Registration> registrations = new ArrayList<>();
    private boolean ranBefore;

    BroadcastConsumers(LiveFeed feed) {
        this.feed = feed;
    }

    synchronized void start(List<BroadcastSubscription> subscriptions, Executor executor, int capacity) {
        boolean again = ranBefore;
        ranBefore = true;
        for (BroadcastSubscription each : subscriptions) {
            BroadcastConsumer consumer = new BroadcastConsumer(each, executor, capacity);
            registrations.add(feed.listen(each.topics(), consumer));
            consumers.add(consumer);
            if (again) {
                consumer.gap();
            }
        }
    }

    /** Ends all; false if some handlers still run. */
    synchronized boolean stop(Duration atMost) {
        registrations.forEach(LiveFeed.Registration::close);
        registrations.clear();
        long deadline = System.nanoTime() + atMost.toNanos();
        boolean all = true;
        for (BroadcastConsumer each : consumers) {
            all &= each.stop(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
        }
        consumers.clear();
        return all;
    }
}
