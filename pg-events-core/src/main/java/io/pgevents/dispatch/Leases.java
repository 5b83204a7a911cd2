package io.pgevents.dispatch;

import io.pgevents.queue.ClaimedEvent;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The leases this instance holds, and the renewal of those that are due. Thread-safe. */
final class Leases {

    private static final Logger log = LoggerFactory.getLogger(Leases.class);

    private final Renewal renewal;
    private final String node;
    private final AtomicLong claims = new AtomicLong();
    private final Map<Long, Held> held = new ConcurrentHashMap<>();

    /**
     * No leases yet.
     *
     * @param renewal asks the database
     * @param node what operators see as owner; must be unique among the running instances
     */
    Leases(Renewal renewal, String node) {
        this.renewal = renewal;
        this.node = node;
    }

    /** Prolongs leases in the database. */
    interface Renewal {

        /** Returns the ids of those that are still held. */
        Set<Long> renew(List<ClaimedEvent> events, Duration duration);
    }

    private record Held(ClaimedEvent event, Duration duration, long renewAt, long endsAt) {

        static Held from(ClaimedEvent event, Duration duration, long now) {
            long nanos = duration.toNanos();
            return new Held(event, duration, now + nanos / 3, now + nanos);
        }

        boolean isOf(ClaimedEvent other) {
            return Objects.equals(event.owner(), other.owner());
        }
    }

    /** A fencing token, unique for each claim. */
    String newOwner() {
        return node + "/" + claims.incrementAndGet();
    }

    /** Begins to renew leases that were taken after a time of this process. */
    void hold(List<ClaimedEvent> events, Duration duration, long takenAfter) {
        for (ClaimedEvent event : events) {
            held.put(event.id(), Held.from(event, duration, takenAfter));
        }
    }

    /**
     * Whether a lease is certainly not over: it is renewed, and its time has not run out while this process was paused.
     */
    boolean holds(ClaimedEvent event) {
        Held mine = held.get(event.id());
        return mine != null && mine.isOf(event) && System.nanoTime() - mine.endsAt() < 0;
    }

    /** Ends the renewal; the lease of a later claim of the same event is left alone. */
    void release(List<ClaimedEvent> events) {
        for (ClaimedEvent event : events) {
            held.computeIfPresent(event.id(), (id, each) -> each.isOf(event) ? null : each);
        }
    }

    /** Renews the leases of which a third is over, with one statement for each duration. Call a few times a second. */
    void renewDue() {
        long now = System.nanoTime();
        held.values().stream()
                .filter(each -> now - each.renewAt() >= 0)
                .collect(Collectors.groupingBy(Held::duration))
                .forEach(this::renew);
    }

    private void renew(Duration duration, List<Held> due) {
        long now = System.nanoTime();
        Set<Long> ours = renewal.renew(due.stream().map(Held::event).toList(), duration);
        for (Held each : due) {
            long id = each.event().id();
            if (ours.contains(id)) {
                held.replace(id, each, Held.from(each.event(), duration, now));
            } else if (held.remove(id, each)) {
                log.warn(
                        "The lease of {} is lost while it is handled: another instance may handle it again",
                        Failures.describe(each.event()));
            }
        }
    }
}
