package io.pgevents.dispatch;

import static io.pgevents.dispatch.ClaimState.NOBODY;

import io.pgevents.dispatch.ClaimState.Event;
import io.pgevents.dispatch.ClaimState.Phase;
import io.pgevents.dispatch.ClaimState.Row;
import io.pgevents.dispatch.ClaimState.Worker;
import io.pgevents.queue.ClaimedEvent;
import io.pgevents.support.StateSpace;
import io.pgevents.support.StateSpace.Visitor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The claim protocol of unordered subscriptions, with the real {@link Floor}. Each of these is a step of its own: where
 * to begin, the snapshot of the statement, the lock of each row, the news for the floor, the end of the transaction, and
 * the retreat. The scan of the last quarter of a second is left out: it finds more than is found here.
 */
final class ClaimProtocol implements StateSpace.Protocol<ClaimState> {

    /** Rules that may be left out, to show that each is needed. */
    enum Omission {
        SWEEPS,
        RETREAT,
        COUNT_OF_RETREATS,
        ROW_LOCKS,
        RECHECK_OF_LOCKED_ROWS,
        RECOVERY,
        TOKEN
    }

    /**
     * What is explored.
     *
     * @param leased the mode
     * @param limit the most events of a claim
     * @param faults how many things go wrong, of whatever kind
     * @param transactions for each event which publisher inserts it; each commits once it has inserted all of its own
     * @param instances for each worker on which instance it runs
     */
    record Scenario(boolean leased, int limit, int faults, List<Integer> transactions, List<Integer> instances) {

        ClaimState start() {
            return ClaimState.start(
                    transactions.size(), instances.size(), Set.copyOf(instances).size(), faults);
        }
    }

    private final Scenario scenario;
    private final Set<Omission> omitted;
    private final ClaimEndings endings;

    ClaimProtocol(Scenario scenario, Set<Omission> omitted) {
        this.scenario = scenario;
        this.omitted = omitted;
        this.endings = new ClaimEndings(scenario, omitted);
    }

    @Override
    public String key(ClaimState state) {
        return state.key();
    }

    @Override
    public boolean isSettled(ClaimState state) {
        return Arrays.stream(state.events).allMatch(Event::isOver);
    }

    @Override
    public void steps(ClaimState from, Visitor<ClaimState> visitor) {
        new ClaimPublishing(scenario, from, visitor).steps();
        for (int n = 0; n < from.workers.length; n++) {
            claim(from, n, visitor);
            endings.steps(from, n, visitor);
        }
        for (int i = 0; i < from.floors.length; i++) {
            int instance = i;
            if (!from.floors[i].due() && !omitted.contains(Omission.SWEEPS)) {
                step(
                        from,
                        "a sweep is due on " + i,
                        true,
                        visitor,
                        s -> s.floors[instance] = s.floors[instance].withDueSweep());
            }
        }
        endings.recovery(from, visitor);
    }

    static void step(
            ClaimState from, String name, boolean fair, Visitor<ClaimState> visitor, Consumer<ClaimState> change) {
        ClaimState next = from.copy();
        change.accept(next);
        visitor.step(name, fair, next.settle());
    }

    /** A step that need not happen, and happens a bounded number of times. */
    static void fault(ClaimState from, String name, Visitor<ClaimState> visitor, Consumer<ClaimState> change) {
        if (from.faults > 0) {
            step(from, name, false, visitor, s -> {
                s.faults--;
                change.accept(s);
            });
        }
    }

    private void claim(ClaimState from, int n, Visitor<ClaimState> visitor) {
        switch (from.workers[n].phase) {
            case IDLE -> step(from, "begin " + n, true, visitor, s -> begin(s, n));
            case BEGUN -> step(from, "look " + n, true, visitor, s -> look(s, n));
            case SCANNING -> step(from, "lock the next row " + n, true, visitor, s -> lockNext(s, n));
            case FOUND -> step(from, "tell the floor " + n, true, visitor, s -> tellFloor(s, n));
            default -> {}
        }
    }

    private void begin(ClaimState state, int n) {
        int instance = scenario.instances().get(n);
        FloorImage image = state.floors[instance];
        Floor floor = (omitted.contains(Omission.SWEEPS) ? image.withoutSweeps() : image).restore();
        Floor.Scan scan = floor.begin();
        state.floors[instance] = FloorImage.of(floor);
        Worker worker = state.workers[n];
        worker.phase = Phase.BEGUN;
        worker.from = FloorImage.from(scan);
        worker.kind = scan.isSweep() ? scan.kind() : Floor.Kind.PLAIN;
    }

    private static void look(ClaimState state, int n) {
        Worker worker = state.workers[n];
        worker.snapshot = state.clock;
        for (int e = 0; e < state.events.length; e++) {
            Event event = state.events[e];
            boolean ahead = event.row == Row.PENDING && FloorImage.number(event.time, e) > worker.from;
            worker.seen[e] = ahead ? event.time : 0;
        }
        worker.phase = next(worker) == NOBODY ? Phase.FOUND : Phase.SCANNING;
    }

    /** The next row of the index in the snapshot of the statement. */
    private static int next(Worker worker) {
        int next = NOBODY;
        for (int e = 0; e < worker.seen.length; e++) {
            if (worker.seen[e] > 0 && !worker.has(e)) {
                boolean first = next == NOBODY
                        || FloorImage.number(worker.seen[e], e) < FloorImage.number(worker.seen[next], next);
                next = first ? e : next;
            }
        }
        return next;
    }

    private void lockNext(ClaimState state, int n) {
        Worker worker = state.workers[n];
        int e = next(worker);
        Event event = state.events[e];
        worker.seen[e] = 0;
        boolean free = event.lockedBy == NOBODY || omitted.contains(Omission.ROW_LOCKS);
        if (free && (isStillReady(worker, event, e) || omitted.contains(Omission.RECHECK_OF_LOCKED_ROWS))) {
            event.lockedBy = n;
            event.owedBy = 0;
            worker.seen[e] = event.time;
            worker.got |= 1 << e;
        }
        boolean full = Integer.bitCount(worker.got) == scenario.limit();
        worker.phase = full || next(worker) == NOBODY ? Phase.FOUND : Phase.SCANNING;
    }

    /** A row that has changed since the snapshot is checked again when it is locked. */
    private static boolean isStillReady(Worker worker, Event event, int e) {
        return event.row == Row.PENDING
                && FloorImage.number(event.time, e) > worker.from
                && event.time <= worker.snapshot;
    }

    private void tellFloor(ClaimState state, int n) {
        int instance = scenario.instances().get(n);
        Worker worker = state.workers[n];
        List<ClaimedEvent> events = claimed(worker);
        Floor floor = state.floors[instance].restore();
        boolean late = worker.stale && !omitted.contains(Omission.COUNT_OF_RETREATS);
        floor.claimed(FloorImage.scan(worker.from, worker.kind, late), events, events.size() == scenario.limit());
        state.floors[instance] = FloorImage.of(floor);
        if (worker.kind == Floor.Kind.SWEEP) {
            endings.makeStale(state, instance);
        }
        if (events.isEmpty()) {
            worker.rest();
        } else {
            worker.phase = Phase.LOCKED;
        }
    }

    static List<ClaimedEvent> claimed(Worker worker) {
        List<ClaimedEvent> events = new ArrayList<>();
        for (int e = 0; e < worker.seen.length; e++) {
            if (worker.has(e)) {
                events.add(FloorImage.event(worker.seen[e], e));
            }
        }
        return events;
    }

    @Override
    public @Nullable String fault(ClaimState state) {
        for (int e = 0; e < state.events.length; e++) {
            Event event = state.events[e];
            if (event.ends > 1) {
                return "event " + e + " is handled twice";
            }
            for (int i = 0; i < state.floors.length; i++) {
                boolean owed = event.row == Row.PENDING && (event.owedBy & (1 << i)) != 0;
                if (owed && FloorImage.number(event.time, e) <= state.floors[i].reached()) {
                    return "the floor of " + i + " has passed event " + e + ", which was freed there";
                }
            }
        }
        for (int i = 0; i < state.floors.length; i++) {
            if (state.floors[i].swept() > state.floors[i].reached()) {
                return "a sweep of " + i + " goes on beyond the floor";
            }
        }
        return Arrays.stream(state.workers).allMatch(each -> each.phase == Phase.IDLE) ? missed(state) : null;
    }

    /** While nothing else happens, claims without a sweep find whatever is above the floor. */
    private @Nullable String missed(ClaimState state) {
        for (int n = 0; n < state.workers.length; n++) {
            int instance = scenario.instances().get(n);
            ClaimState alone = state.copy();
            alone.floors[instance] = state.floors[instance].withoutSweeps();
            while (claimsAlone(alone, n)) {
                endings.commit(alone, n);
            }
            for (int e = 0; e < state.events.length; e++) {
                boolean above = FloorImage.number(state.events[e].time, e) > state.floors[instance].reached();
                if (alone.events[e].row == Row.PENDING && above) {
                    return "event " + e + " is above the floor of " + instance + " and is not found without a sweep";
                }
            }
        }
        return null;
    }

    private boolean claimsAlone(ClaimState state, int n) {
        begin(state, n);
        look(state, n);
        while (state.workers[n].phase == Phase.SCANNING) {
            lockNext(state, n);
        }
        tellFloor(state, n);
        return state.workers[n].phase == Phase.LOCKED;
    }
}
