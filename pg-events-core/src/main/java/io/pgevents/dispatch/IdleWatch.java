package io.pgevents.dispatch;

import io.pgevents.Priority;
import io.pgevents.queue.ClaimedEvent.Position;
import io.pgevents.queue.Lookout;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The poll: looks after all consumers with a free worker with one statement, from the start where that is cheap, else
 * from where each has claimed to. Looks from the start take at most a twentieth of the time.
 */
final class IdleWatch {

    private final Map<String, SubscriptionConsumer> consumers;
    private final Lookout lookout;
    private final Duty fullLooks = new Duty(20, Duration.ZERO);

    IdleWatch(Map<String, SubscriptionConsumer> consumers, Lookout lookout) {
        this.consumers = consumers;
        this.lookout = lookout;
    }

    /** Looks once. Called by one thread. */
    void look() {
        boolean full = fullLooks.isDue();
        Map<String, Map<Priority, Position>> floors = new LinkedHashMap<>();
        for (SubscriptionConsumer consumer : consumers.values()) {
            if (consumer.hasRoom()) {
                floors.put(consumer.name(), full ? Floor.beginning() : consumer.reached());
            }
        }
        if (!floors.isEmpty()) {
            look(floors, full);
        }
    }

    private void look(Map<String, Map<Priority, Position>> floors, boolean full) {
        for (Lookout.Sighting sighting : sightings(floors, full)) {
            SubscriptionConsumer consumer = consumers.get(sighting.subscription());
            if (consumer == null) {
                continue;
            }
            consumer.lookedAfter();
            if (sighting.ready() && full) {
                consumer.signalSweep();
            } else if (sighting.ready()) {
                consumer.signal();
            }
            Duration nextDue = sighting.nextDue();
            if (nextDue != null) {
                consumer.signalIn(nextDue);
            }
        }
    }

    private List<Lookout.Sighting> sightings(Map<String, Map<Priority, Position>> floors, boolean full) {
        long begun = System.nanoTime();
        try {
            return lookout.look(floors);
        } finally {
            if (full) {
                // Also if it failed: perhaps it takes longer than the server allows.
                fullLooks.took(Duration.ofNanos(System.nanoTime() - begun));
            }
        }
    }
}
