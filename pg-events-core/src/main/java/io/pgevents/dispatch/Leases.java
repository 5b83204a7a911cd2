package io.pgevents.dispatch;

import io.pgevents.queue.ClaimedEvent;
import io.pgevents.queue.Settlements;
import io.pgevents.queue.Settlements.Lease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The leases this instance holds, and their renewal by one statement for all that are due. Thread-safe. */
final class Leases {

    private static final Logger log = LoggerFactory.getLogger(Leases.class);

    private final Settlements settlements;
    private final String node;
    private final AtomicLong claims = new AtomicLong();
    private final Map<Long, Held> held = new ConcurrentHashMap<>();

    /**
     * No leases yet.
     *
     * @param node what operators see as owner; must be unique among the running instances
     */
    Leases(Settlements settlements, String node) {
        this.settlements = settlements;
        this.node = node;
    }

    private record Held(Lease lease, long renewAt) {}

    /** A fencing token, unique for each claim. */
    String newOwner() {
        return node + "/" + claims.incrementAndGet();
    }

    void hold(List<ClaimedEvent> events, Duration duration) {
        for (ClaimedEvent event : events) {
            held.put(event.id(), new Held(new Lease(event, duration), System.nanoTime() + duration.toNanos() / 3));
        }
    }

    void release(List<ClaimedEvent> events) {
        events.forEach(event -> held.remove(event.id()));
    }

    /** Renews the leases of which a third is over. Call about every second. */
    void renewDue() {
        List<Held> due = new ArrayList<>();
        for (Held each : held.values()) {
            if (System.nanoTime() - each.renewAt() >= 0) {
                due.add(each);
            }
        }
        if (due.isEmpty()) {
            return;
        }
        Set<Long> ours = settlements.renew(due.stream().map(Held::lease).toList());
        for (Held each : due) {
            long id = each.lease().event().id();
            if (ours.contains(id)) {
                long next = System.nanoTime() + each.lease().duration().toNanos() / 3;
                held.replace(id, each, new Held(each.lease(), next));
            } else if (held.remove(id, each)) {
                log.warn(
                        "The lease of {} is lost while it is handled: another instance may handle it again",
                        Failures.describe(each.lease().event()));
            }
        }
    }
}
