package io.pgevents.dispatch;

import io.pgevents.queue.ClaimedEvent;
import io.pgevents.queue.Claims;
import io.pgevents.queue.KeyClaim;
import io.pgevents.queue.SubscriptionScope;
import io.pgevents.queue.WindowEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Claims runs of events, each run of one key and in its order. Looks at windows of ready events to learn which keys have work,
 * at a bounded number of them for each claim, so that a key with a long backlog does not hide the others.
 */
final class OrderedClaimer implements Claimer {

    private static final int WINDOW = 1000;
    private static final int MOST_WINDOWS = 5;

    private final Claims claims;
    private final SubscriptionScope scope;
    private final Floor floor;
    private final boolean skipFailed;
    private final KeyBacklog backlog = new KeyBacklog();

    OrderedClaimer(Claims claims, SubscriptionScope scope, Floor floor, boolean skipFailed) {
        this.claims = claims;
        this.scope = scope;
        this.floor = floor;
        this.skipFailed = skipFailed;
    }

    @Override
    public Batch claim(int limit) {
        boolean more = lookAtWindows(limit);
        Map<String, Long> keys = backlog.take(limit);
        if (keys.isEmpty()) {
            return new Batch(List.of(), more ? Outcome.FULL : Outcome.IDLE);
        }
        int runLength = Math.max(1, limit / keys.size());
        KeyClaim claim = claims.claimKeys(scope, keys, runLength, skipFailed);
        Set<String> full = new HashSet<>(claim.unfinishedKeys());
        Map<String, Long> lastIds = new HashMap<>();
        claim.events().forEach(event -> lastIds.merge(key(event), event.id(), Math::max));
        boolean unfinished = false;
        for (String key : full) {
            backlog.add(key, lastIds.getOrDefault(key, keys.getOrDefault(key, -1L)));
            unfinished |= lastIds.containsKey(key);
        }
        claim.busyKeys().forEach(key -> backlog.add(key, keys.getOrDefault(key, -1L)));
        if (more || unfinished || (keys.size() >= limit && claim.busyKeys().size() < keys.size())) {
            return new Batch(claim.events(), Outcome.FULL);
        }
        return new Batch(
                claim.events(),
                backlog.isEmpty() ? Outcome.of(claim.events().size(), Integer.MAX_VALUE) : Outcome.BUSY);
    }

    /** Remembers the keys of the next ready events; true if there are more windows. */
    private boolean lookAtWindows(int limit) {
        Set<String> found = new HashSet<>();
        for (int windows = 0; windows < MOST_WINDOWS; windows++) {
            Floor.Scan scan = floor.begin();
            List<WindowEntry> entries = claims.window(scope, scan.from(), WINDOW);
            boolean full = entries.size() >= WINDOW;
            floor.looked(scan, entries, full);
            for (WindowEntry entry : entries) {
                if (found.add(entry.key())) {
                    backlog.add(entry.key(), -1);
                }
            }
            if (!full) {
                return false;
            }
            if (found.size() >= limit) {
                return true;
            }
        }
        return true;
    }

    @Override
    public void rolledBack(List<ClaimedEvent> events) {
        floor.retreat(events);
        Map<String, Long> first = new LinkedHashMap<>();
        events.forEach(event -> first.merge(key(event), event.id() - 1, Math::min));
        first.forEach(backlog::add);
    }

    @Override
    public void finished(List<ClaimedEvent> events) {
        // Under a lease, others have seen these keys as taken and have passed their later events.
        List<String> leased = new ArrayList<>();
        for (ClaimedEvent event : events) {
            if (event.owner() != null) {
                leased.add(key(event));
            }
        }
        backlog.addAll(leased);
    }

    static String key(ClaimedEvent event) {
        return event.orderingKey() == null ? "" : event.orderingKey();
    }
}
