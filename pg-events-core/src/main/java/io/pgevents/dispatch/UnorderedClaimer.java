package io.pgevents.dispatch;

import io.pgevents.queue.ClaimedEvent;
import io.pgevents.queue.Claims;
import io.pgevents.queue.Claims.SubscriptionScope;
import java.util.List;

/** Claims by priority and due time. */
final class UnorderedClaimer implements Claimer {

    private final Claims claims;
    private final SubscriptionScope scope;
    private final Floor floor;

    UnorderedClaimer(Claims claims, SubscriptionScope scope, Floor floor) {
        this.claims = claims;
        this.scope = scope;
        this.floor = floor;
    }

    @Override
    public Batch claim(int limit) {
        Floor.Scan scan = floor.begin();
        List<ClaimedEvent> events;
        try {
            events = claims.claim(scope, scan.beginning(), limit);
        } catch (RuntimeException | Error ex) {
            floor.failed(scan);
            throw ex;
        }
        floor.claimed(scan, events, events.size() >= limit);
        return Batch.of(events, Outcome.of(events.size(), limit));
    }

    @Override
    public void rolledBack(List<ClaimedEvent> events) {
        floor.retreat(events);
    }

    @Override
    public void finished(Batch batch) {}
}
