package io.pgevents.dispatch;

import static io.pgevents.dispatch.KeyProtocol.step;
import static io.pgevents.dispatch.KeyState.NOBODY;

import io.pgevents.dispatch.KeyProtocol.Omission;
import io.pgevents.dispatch.KeyProtocol.Scenario;
import io.pgevents.dispatch.KeyState.Event;
import io.pgevents.dispatch.KeyState.Phase;
import io.pgevents.dispatch.KeyState.Row;
import io.pgevents.dispatch.KeyState.Worker;
import io.pgevents.support.StateSpace.Visitor;
import java.util.Set;

/** How a worker may end its claim in {@link KeyProtocol}. */
record KeyEndings(Scenario scenario, Set<Omission> omitted, KeyState from, int n, Visitor<KeyState> visitor) {

    private static final int MOST_ATTEMPTS = 2;

    void steps() {
        Worker worker = from.workers[n];
        switch (worker.phase) {
            case HOLDING -> holding();
            case WORKING -> working();
            case FAILED -> {
                // An UPDATE waits for the lock.
                if (from.events[worker.first()].lockedBy == NOBODY) {
                    step(from, "lock for the record " + n, true, visitor, this::lockForRecord);
                }
            }
            case RECORDING -> step(from, "commit the record " + n, true, visitor, this::record);
            default -> {}
        }
    }

    private void working() {
        Worker worker = from.workers[n];
        if (worker.got == 0) {
            step(from, "hand back " + n, true, visitor, this::handBack);
            return;
        }
        step(from, "finish " + n, true, visitor, this::finish);
        for (int e = 0; e < from.events.length; e++) {
            int event = e;
            if (worker.has(e) && !worker.hasFailed && from.faults > 0) {
                step(from, "fail leased event " + e + " of " + n, false, visitor, s -> failLeased(s, event));
            }
        }
    }

    private void holding() {
        if (scenario.leased()) {
            step(from, "lease " + n, true, visitor, this::lease);
            return;
        }
        step(from, "commit " + n, true, visitor, this::commit);
        if (from.faults > 0) {
            step(from, "fail the first of " + n, false, visitor, s -> rollBack(s, true));
            step(from, "roll back " + n, false, visitor, s -> rollBack(s, false));
        }
    }

    private void commit(KeyState state) {
        Worker worker = state.workers[n];
        for (int e = 0; e < state.events.length; e++) {
            if (worker.has(e)) {
                state.events[e].row = Row.OVER;
                state.changed(e);
            }
        }
        if (worker.more) {
            worker.remember(worker.last());
        }
        worker.handledUpTo(worker.last());
        state.unlock(n);
        worker.rest();
    }

    private void rollBack(KeyState state, boolean firstHasFailed) {
        Worker worker = state.workers[n];
        state.faults--;
        state.unlock(n);
        worker.remember(worker.first() - 1);
        int first = 1 << worker.first();
        worker.rest();
        if (firstHasFailed) {
            worker.phase = Phase.FAILED;
            worker.got = first;
            // The attempt that is recorded is the one after those known at the claim.
            worker.after = from.events[from.workers[n].first()].attempts;
        }
    }

    private void lockForRecord(KeyState state) {
        Worker worker = state.workers[n];
        Event event = state.events[worker.first()];
        if (event.row == Row.PENDING && event.attempts == worker.after) {
            event.lockedBy = n;
            worker.phase = Phase.RECORDING;
        } else {
            worker.rest();
        }
    }

    private void record(KeyState state) {
        Worker worker = state.workers[n];
        int e = worker.first();
        state.events[e].attempts++;
        postpone(state, e);
        state.unlock(n);
        worker.rest();
    }

    private static void postpone(KeyState state, int e) {
        Event event = state.events[e];
        event.row = event.attempts >= MOST_ATTEMPTS ? Row.OVER : Row.PENDING;
        event.due = false;
        event.leasedBy = NOBODY;
        state.changed(e);
    }

    private void lease(KeyState state) {
        Worker worker = state.workers[n];
        worker.firstLeased = omitted.contains(Omission.MARK_BEFORE_LEASED) ? worker.last() + 1 : worker.first();
        for (int e = 0; e < state.events.length; e++) {
            if (worker.has(e)) {
                state.events[e].row = Row.LEASED;
                state.events[e].leasedBy = n;
                state.events[e].attempts++;
                state.changed(e);
            }
        }
        state.unlock(n);
        worker.phase = Phase.WORKING;
    }

    private void finish(KeyState state) {
        Worker worker = state.workers[n];
        for (int e = 0; e < state.events.length; e++) {
            if (worker.has(e)) {
                state.events[e].row = Row.OVER;
                state.events[e].leasedBy = NOBODY;
                state.changed(e);
            }
        }
        worker.got = 0;
        endIfNothingIsLeft(worker);
    }

    /** Its failure is recorded at once. Those before it are finished later, and those after it are handed back. */
    private void failLeased(KeyState state, int failed) {
        Worker worker = state.workers[n];
        state.faults--;
        postpone(state, failed);
        worker.hasFailed = true;
        worker.left = worker.got & -(2 << failed);
        worker.got &= (1 << failed) - 1;
        for (int e = 0; e < failed; e++) {
            state.events[e].handled |= worker.has(e);
        }
        endIfNothingIsLeft(worker);
    }

    private void handBack(KeyState state) {
        Worker worker = state.workers[n];
        for (int e = 0; e < state.events.length; e++) {
            if ((worker.left & (1 << e)) != 0) {
                state.events[e].row = Row.PENDING;
                state.events[e].leasedBy = NOBODY;
                state.events[e].attempts--;
                state.changed(e);
            }
        }
        worker.left = 0;
        endIfNothingIsLeft(worker);
    }

    private static void endIfNothingIsLeft(Worker worker) {
        if (worker.got == 0 && worker.left == 0) {
            worker.remember(-1);
            worker.handledUpTo(worker.firstLeased - 1);
            worker.rest();
        }
    }
}
