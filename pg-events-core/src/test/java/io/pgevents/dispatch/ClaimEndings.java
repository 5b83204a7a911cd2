package io.pgevents.dispatch;

import static io.pgevents.dispatch.ClaimProtocol.fault;
import static io.pgevents.dispatch.ClaimProtocol.step;
import static io.pgevents.dispatch.ClaimState.NOBODY;

import io.pgevents.dispatch.ClaimProtocol.Omission;
import io.pgevents.dispatch.ClaimProtocol.Scenario;
import io.pgevents.dispatch.ClaimState.Event;
import io.pgevents.dispatch.ClaimState.Phase;
import io.pgevents.dispatch.ClaimState.Row;
import io.pgevents.dispatch.ClaimState.Worker;
import io.pgevents.support.StateSpace.Visitor;
import java.util.Arrays;
import java.util.Set;

/** How a claim may end in {@link ClaimProtocol}: in time, too late, not at all. */
final class ClaimEndings {

    private final Scenario scenario;
    private final Set<Omission> omitted;

    ClaimEndings(Scenario scenario, Set<Omission> omitted) {
        this.scenario = scenario;
        this.omitted = omitted;
    }

    /** What the worker may do next with what it has claimed, and what may happen to it. */
    void steps(ClaimState from, int n, Visitor<ClaimState> visitor) {
        Worker worker = from.workers[n];
        switch (worker.phase) {
            case BEGUN, SCANNING -> fault(from, "fail the claim " + n, visitor, s -> failClaim(s, n));
            case LOCKED -> locked(from, n, visitor);
            case WORKING -> {
                step(from, "finish " + n, true, visitor, s -> finish(s, n));
                fault(from, "hand back " + n, visitor, s -> handBack(s, n));
            }
            case RETREATING -> step(from, "retreat " + n, true, visitor, s -> retreat(s, n));
            default -> {}
        }
        if (worker.phase != Phase.IDLE) {
            int instance = scenario.instances().get(n);
            fault(from, "crash instance " + instance, visitor, s -> crash(s, instance));
        }
    }

    private void locked(ClaimState from, int n, Visitor<ClaimState> visitor) {
        if (scenario.leased()) {
            step(from, "lease " + n, true, visitor, s -> lease(s, n));
        } else {
            step(from, "commit " + n, true, visitor, s -> commit(s, n));
            if (Integer.bitCount(from.workers[n].got) > 1) {
                step(from, "commit the first of " + n, false, visitor, s -> commitFirst(s, n));
            }
            fault(from, "commit unnoticed " + n, visitor, s -> {
                int got = s.workers[n].got;
                int[] seen = s.workers[n].seen.clone();
                commit(s, n);
                s.workers[n].got = got;
                s.workers[n].seen = seen;
                s.workers[n].phase = Phase.RETREATING;
            });
        }
        fault(from, "roll back " + n, visitor, s -> free(s, n));
    }

    /** The transaction has handled what it locked. */
    void commit(ClaimState state, int n) {
        if (scenario.leased()) {
            lease(state, n);
            finish(state, n);
            return;
        }
        for (int e = 0; e < state.events.length; e++) {
            if (state.workers[n].has(e)) {
                end(state.events[e]);
            }
        }
        state.workers[n].rest();
    }

    private static void end(Event event) {
        event.row = Row.DONE;
        event.ends++;
        event.lockedBy = NOBODY;
        event.owedBy = 0;
        event.token = 0;
    }

    /** A pass that takes too long commits what it has, and frees the rest. */
    private static void commitFirst(ClaimState state, int n) {
        Worker worker = state.workers[n];
        int first = Integer.numberOfTrailingZeros(worker.got);
        for (int e = 0; e < state.events.length; e++) {
            if (worker.has(e) && FloorImage.number(worker.seen[e], e) < FloorImage.number(worker.seen[first], first)) {
                first = e;
            }
        }
        end(state.events[first]);
        worker.got &= ~(1 << first);
        free(state, n);
    }

    /** The server frees the rows; the floor is not told yet. */
    private static void free(ClaimState state, int n) {
        unlock(state, n);
        state.workers[n].phase = Phase.RETREATING;
    }

    private static void unlock(ClaimState state, int n) {
        for (Event each : state.events) {
            each.lockedBy = each.lockedBy == n ? NOBODY : each.lockedBy;
        }
    }

    private void failClaim(ClaimState state, int n) {
        int instance = scenario.instances().get(n);
        Worker worker = state.workers[n];
        unlock(state, n);
        Floor floor = state.floors[instance].restore();
        floor.failed(FloorImage.scan(worker.from, worker.kind, worker.stale));
        state.floors[instance] = FloorImage.of(floor);
        if (worker.kind != Floor.Kind.PLAIN) {
            makeStale(state, instance);
        }
        worker.rest();
    }

    /** Places were put back: claims that run on the instance move none. */
    void makeStale(ClaimState state, int instance) {
        for (int other = 0; other < state.workers.length; other++) {
            state.workers[other].stale |=
                    scenario.instances().get(other) == instance && state.workers[other].isClaiming();
        }
    }

    private void retreat(ClaimState state, int n) {
        int instance = scenario.instances().get(n);
        Worker worker = state.workers[n];
        if (!omitted.contains(Omission.RETREAT)) {
            Floor floor = state.floors[instance].restore();
            floor.retreat(ClaimProtocol.claimed(worker));
            state.floors[instance] = FloorImage.of(floor);
        }
        makeStale(state, instance);
        for (int e = 0; e < state.events.length; e++) {
            Event event = state.events[e];
            // Who has locked or moved it meanwhile has to look after it.
            boolean free = event.row == Row.PENDING && event.lockedBy == NOBODY && event.time == worker.seen[e];
            event.owedBy |= worker.has(e) && free ? 1 << instance : 0;
        }
        worker.rest();
    }

    private void lease(ClaimState state, int n) {
        Worker worker = state.workers[n];
        worker.token = state.newToken();
        for (int e = 0; e < state.events.length; e++) {
            if (worker.has(e)) {
                Event event = state.events[e];
                event.row = Row.LEASED;
                event.lockedBy = NOBODY;
                event.token = worker.token;
            }
        }
        worker.phase = Phase.WORKING;
    }

    private boolean isMine(Event event, Worker worker) {
        return event.row == Row.LEASED && (event.token == worker.token || omitted.contains(Omission.TOKEN));
    }

    private void finish(ClaimState state, int n) {
        Worker worker = state.workers[n];
        for (int e = 0; e < state.events.length; e++) {
            Event event = state.events[e];
            if (worker.has(e) && isMine(event, worker)) {
                boolean stale = event.token != worker.token;
                end(event);
                event.ends += stale ? 1 : 0;
            }
        }
        worker.rest();
    }

    private void handBack(ClaimState state, int n) {
        Worker worker = state.workers[n];
        for (int e = 0; e < state.events.length; e++) {
            if (worker.has(e) && isMine(state.events[e], worker)) {
                giveBack(state, e);
            }
        }
        worker.rest();
    }

    /** Due a little earlier than now: it may be behind a floor. */
    private static void giveBack(ClaimState state, int e) {
        Event event = state.events[e];
        event.row = Row.PENDING;
        event.time = Math.max(1, state.clock - 1);
        event.token = 0;
        event.owedBy = 0;
    }

    private void crash(ClaimState state, int instance) {
        for (int n = 0; n < state.workers.length; n++) {
            if (scenario.instances().get(n) == instance) {
                unlock(state, n);
                state.workers[n].rest();
            }
        }
        for (Event each : state.events) {
            each.owedBy &= ~(1 << instance);
        }
        state.floors[instance] = FloorImage.fresh(state.clock);
    }

    /** A lease ends because its holder is dead, or once although it lives. */
    void recovery(ClaimState from, Visitor<ClaimState> visitor) {
        for (int e = 0; e < from.events.length; e++) {
            int event = e;
            Event row = from.events[e];
            if (row.row != Row.LEASED || omitted.contains(Omission.RECOVERY)) {
                continue;
            }
            boolean held = Arrays.stream(from.workers).anyMatch(each -> each.token == row.token);
            if (!held) {
                step(from, "recover event " + e, true, visitor, s -> giveBack(s, event));
            } else {
                fault(from, "end the lease of event " + e, visitor, s -> giveBack(s, event));
            }
        }
    }
}
