package io.pgevents.dispatch;

import io.pgevents.dispatch.KeyBacklog.Place;
import io.pgevents.queue.ClaimedEvent;
import io.pgevents.queue.Claims;
import io.pgevents.queue.Claims.KeyClaim;
import io.pgevents.queue.Claims.KeyRun;
import io.pgevents.queue.Claims.SubscriptionScope;
import io.pgevents.queue.Claims.WindowEntry;
import io.pgevents.subscription.SubscriptionSettings;
import io.pgevents.subscription.SubscriptionSettings.Mode;
import io.pgevents.subscription.SubscriptionSettings.Order;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Claims runs of events, each run of one key and in its order. Looks at windows of ready events to learn which keys
 * have work, at a bounded number of them for each claim, so that a key with a long backlog does not hide the others.
 */
final class OrderedClaimer implements Claimer {

    private static final int WINDOW = 1000;
    private static final int MOST_WINDOWS = 5;
    private static final Duration CHEAP = Duration.ofMillis(5);

    private final Claims claims;
    private final SubscriptionScope scope;
    private final Floor floor;
    private final boolean skipFailed;
    private final boolean leased;
    private final KeyBacklog backlog = new KeyBacklog();
    private final Duty strictClaims;

    OrderedClaimer(Claims claims, SubscriptionScope scope, Floor floor, SubscriptionSettings settings) {
        this(claims, scope, floor, settings, new Duty(4, CHEAP));
    }

    /**
     * Claims by keys.
     *
     * @param strictClaims when keys are looked at from their start
     */
    OrderedClaimer(
            Claims claims, SubscriptionScope scope, Floor floor, SubscriptionSettings settings, Duty strictClaims) {
        this.claims = claims;
        this.scope = scope;
        this.floor = floor;
        this.skipFailed = settings.order() == Order.KEY_SKIP_FAILED;
        this.leased = settings.mode() == Mode.LEASED;
        this.strictClaims = strictClaims;
    }

    @Override
    public Batch claim(int limit) {
        boolean more = lookAtWindows(limit);
        long begun = backlog.now();
        Map<String, Place> keys = backlog.take(limit);
        if (keys.isEmpty()) {
            return more ? Batch.of(List.of(), Outcome.FULL) : Batch.NONE;
        }
        KeyClaim claim = claimKeys(keys);
        claim.busyKeys()
                .forEach(key -> backlog.add(
                        key, keys.getOrDefault(key, Place.UNKNOWN).outdated().withRun(1)));
        Set<String> unfinished = new HashSet<>(claim.unfinishedKeys());
        return new Batch(claim.events(), outcome(claim, more || !unfinished.isEmpty()), unfinished, begun);
    }

    private Outcome outcome(KeyClaim claim, boolean more) {
        boolean others = backlog.size() > claim.busyKeys().size();
        if ((more || others) && !claim.events().isEmpty()) {
            return Outcome.FULL;
        }
        if (!claim.busyKeys().isEmpty()) {
            return Outcome.BUSY;
        }
        return more || !backlog.isEmpty()
                ? Outcome.FULL
                : Outcome.of(claim.events().size(), Integer.MAX_VALUE);
    }

    private KeyClaim claimKeys(Map<String, Place> keys) {
        Map<String, KeyRun> shorter = backlog.runs(keys, false);
        Map<String, KeyRun> runs = strictClaims.isDue() ? backlog.runs(keys, true) : shorter;
        boolean isLonger = !runs.equals(shorter);
        long begun = System.nanoTime();
        try {
            KeyClaim claim = claims.claimKeys(scope, runs, skipFailed);
            if (isLonger) {
                strictClaims.took(claim.took());
            }
            return leased && !claim.events().isEmpty() ? withoutInProcess(claim) : claim;
        } catch (RuntimeException | Error ex) {
            keys.forEach(backlog::add);
            if (isLonger) {
                // Perhaps it took longer than a statement may.
                strictClaims.took(Duration.ofNanos(System.nanoTime() - begun));
            }
            throw ex;
        }
    }

    /**
     * Under a lease the key is free again after the claim, and an earlier event of it may become ready meanwhile: a
     * delayed one, a late commit, a replay. Whoever has the key in process looks at it again at the end.
     */
    private KeyClaim withoutInProcess(KeyClaim claim) {
        Set<String> keys = new HashSet<>();
        claim.events().forEach(event -> keys.add(key(event)));
        Set<String> inProcess = claims.keysInProcess(scope, keys);
        if (inProcess.isEmpty()) {
            return claim;
        }
        return new KeyClaim(
                claim.events().stream()
                        .filter(event -> !inProcess.contains(key(event)))
                        .toList(),
                claim.busyKeys(),
                claim.unfinishedKeys().stream()
                        .filter(key -> !inProcess.contains(key))
                        .toList(),
                claim.took());
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
            Map<String, Place> seen = new LinkedHashMap<>();
            entries.forEach(entry -> seen.merge(entry.key(), seen(entry, scan.isSweep()), Place::and));
            seen.forEach(backlog::add);
            found.addAll(seen.keySet());
            if (!full && !scan.isSweep()) {
                return false;
            }
            if (found.size() >= limit) {
                return true;
            }
            if (full && scan.isSweep() && windows < MOST_WINDOWS - 2) {
                floor.wantSweep();
            }
        }
        return true;
    }

    /**
     * An event that is locked is mostly one that is just being handled, and is no reason to begin with its key at the
     * start; a sweep looks after those that are not.
     */
    private static Place seen(WindowEntry entry, boolean sweep) {
        return entry.isLocked() && !sweep
                ? Place.UNKNOWN
                : Place.seen(entry.position().id());
    }

    private List<WindowEntry> window(Floor.Scan scan) {
        try {
            return claims.window(scope, scan.beginning(), WINDOW);
        } catch (RuntimeException | Error ex) {
            floor.failed(scan);
            throw ex;
        }
    }

    @Override
    public void rolledBack(List<ClaimedEvent> events) {
        floor.retreat(events);
        Map<String, Place> first = new LinkedHashMap<>();
        events.forEach(event -> first.merge(key(event), Place.after(event.id() - 1, 1), Place::and));
        first.forEach(backlog::add);
    }

    @Override
    public void finished(Batch batch) {
        Map<String, Place> over = new LinkedHashMap<>();
        for (ClaimedEvent event : batch.events()) {
            // Under a lease an event may have failed; all that were before the first of a key are over.
            Place place = Place.after(leased ? event.id() - 1 : event.id(), 2);
            over.merge(
                    key(event), place, (before, next) -> (leased ? before : next).withRun(before.run() + next.run()));
        }
        over.forEach((key, place) -> {
            backlog.handled(key, place.overUpTo(), batch.begun());
            if (leased) {
                // Others have seen the key as taken and have passed its events, later ones and late ones.
                backlog.add(key, place.outdated());
            } else if (batch.unfinishedKeys().contains(key)) {
                // The key was held up to the commit: nothing before this is unfinished.
                backlog.add(key, place);
            }
        });
        // Where none was handled, they have failed for good or were left: what comes after them must not be forgotten.
        batch.unfinishedKeys().stream()
                .filter(key -> !over.containsKey(key))
                .forEach(key -> backlog.add(key, Place.UNKNOWN));
    }

    static String key(ClaimedEvent event) {
        return event.orderingKey() == null ? "" : event.orderingKey();
    }
}
