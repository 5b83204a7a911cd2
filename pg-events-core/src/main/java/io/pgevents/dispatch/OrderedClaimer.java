package io.pgevents.dispatch;

import io.pgevents.queue.ClaimedEvent;
import io.pgevents.queue.Claims;
import io.pgevents.queue.KeyClaim;
import io.pgevents.queue.SubscriptionScope;
import io.pgevents.queue.WindowEntry;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

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

    /**
     * The last events of runs after which their keys go on. Not before the run is committed: after a rollback, whoever took the
     * key from there would pass the events that are free again.
     */
    private final Set<Long> runEnds = ConcurrentHashMap.newKeySet();

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
        KeyClaim claim = claimKeys(keys, runLength);
        Map<String, Long> lastIds = new HashMap<>();
        claim.events().forEach(event -> lastIds.merge(key(event), event.id(), Math::max));
        boolean unfinished = false;
        for (String key : claim.unfinishedKeys()) {
            Long lastId = lastIds.get(key);
            if (lastId != null) {
                runEnds.add(lastId);
                unfinished = true;
            }
        }
        claim.busyKeys().forEach(key -> backlog.add(key, keys.getOrDefault(key, -1L)));
        if (more || unfinished || (keys.size() >= limit && claim.busyKeys().size() < keys.size())) {
            return new Batch(claim.events(), Outcome.FULL);
        }
        return new Batch(
                claim.events(),
                backlog.isEmpty() ? Outcome.of(claim.events().size(), Integer.MAX_VALUE) : Outcome.BUSY);
    }

    private KeyClaim claimKeys(Map<String, Long> keys, int runLength) {
        try {
            return claims.claimKeys(scope, keys, runLength, skipFailed);
        } catch (RuntimeException ex) {
            keys.forEach(backlog::add);
            throw ex;
        }
    }

    /** Remembers the keys of the next ready events; true if there are more windows. */
    private boolean lookAtWindows(int limit) {
        if (backlog.isLong()) {
            return true;
        }
        Set<String> found = new HashSet<>();
        for (int windows = 0; windows < MOST_WINDOWS; windows++) {
            Floor.Scan scan = floor.begin();
            List<WindowEntry> entries = window(scan);
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

    private List<WindowEntry> window(Floor.Scan scan) {
        try {
            return claims.window(scope, scan.from(), WINDOW);
        } catch (RuntimeException ex) {
            floor.failed(scan);
            throw ex;
        }
    }

    @Override
    public void rolledBack(List<ClaimedEvent> events) {
        floor.retreat(events);
        Map<String, Long> first = new LinkedHashMap<>();
        for (ClaimedEvent event : events) {
            runEnds.remove(event.id());
            first.merge(key(event), event.id() - 1, Math::min);
        }
        first.forEach(backlog::add);
    }

    @Override
    public void finished(List<ClaimedEvent> events) {
        for (ClaimedEvent event : events) {
            boolean unfinished = runEnds.remove(event.id());
            if (event.owner() != null) {
                // Under a lease, others have seen this key as taken and have passed its later events.
                backlog.add(key(event), -1);
            } else if (unfinished) {
                backlog.add(key(event), event.id());
            }
        }
    }

    static String key(ClaimedEvent event) {
        return event.orderingKey() == null ? "" : event.orderingKey();
    }
}
