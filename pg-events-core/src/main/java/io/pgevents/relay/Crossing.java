package io.pgevents.relay;

import io.pgevents.live.LiveCursor;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Changes a client that has resumed over from its own registration to the trunk, once it has joined both. Each brings
 * all events in the same order, one of them a little earlier. Its own goes on being used until an event has come by
 * both, or both have reached a place: from there on the trunk has everything. What is kept until then is what one of
 * them is ahead. Not thread-safe.
 */
final class Crossing {

    private final Set<UUID> byOwn = new LinkedHashSet<>();
    private final List<RelayEvent> byTrunk = new ArrayList<>();
    private @Nullable LiveCursor ownReached;
    private @Nullable LiveCursor trunkReached;
    private boolean over;

    /** Whether the trunk brings everything from now on, except what the client has already. */
    boolean isOver() {
        return over;
    }

    /** Whether the client also has nothing that the trunk has yet to bring. */
    boolean isSettled() {
        return over && byOwn.isEmpty();
    }

    /** What to pass on of an event that came by the client's own registration. */
    List<RelayEvent> own(RelayEvent event) {
        if (over) {
            return List.of();
        }
        UUID id = event.event().eventId();
        for (int i = 0; i < byTrunk.size(); i++) {
            if (byTrunk.get(i).event().eventId().equals(id)) {
                over = true;
                byOwn.clear();
                return List.copyOf(byTrunk.subList(i, byTrunk.size()));
            }
        }
        byOwn.add(id);
        return List.of(event);
    }

    /** What to pass on of an event that came by the trunk. */
    List<RelayEvent> trunk(RelayEvent event) {
        if (byOwn.contains(event.event().eventId())) {
            over = true;
            forgetUpTo(event.event().eventId());
            return List.of();
        }
        if (over) {
            byOwn.clear();
            return List.of(event);
        }
        byTrunk.add(event);
        return List.of();
    }

    /** The client's own registration has brought everything up to here. */
    void ownReached(LiveCursor cursor) {
        ownReached = cursor;
        endIfAbreast();
    }

    /** The trunk has brought everything up to here. */
    void trunkReached(LiveCursor cursor) {
        trunkReached = cursor;
        endIfAbreast();
    }

    /** What only one of them has brought by now the other one had before they were compared. */
    private void endIfAbreast() {
        if (!over && ownReached != null && ownReached.equals(trunkReached)) {
            over = true;
            byOwn.clear();
            byTrunk.clear();
        }
    }

    private void forgetUpTo(UUID last) {
        Iterator<UUID> oldest = byOwn.iterator();
        boolean found = false;
        while (!found && oldest.hasNext()) {
            found = oldest.next().equals(last);
            oldest.remove();
        }
    }
}
