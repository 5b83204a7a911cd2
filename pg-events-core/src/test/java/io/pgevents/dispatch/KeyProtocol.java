package io.pgevents.dispatch;

import static io.pgevents.dispatch.KeyState.FORGOTTEN;
import static io.pgevents.dispatch.KeyState.NOBODY;

import io.pgevents.dispatch.KeyState.Event;
import io.pgevents.dispatch.KeyState.Phase;
import io.pgevents.dispatch.KeyState.Row;
import io.pgevents.dispatch.KeyState.Worker;
import io.pgevents.support.StateSpace;
import io.pgevents.support.StateSpace.Visitor;
import java.util.Arrays;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The claim of one key. Each of these is a step of its own: the snapshot, the lock of the key, the lock of each row, the
 * end of the transaction, the lock of the row whose failure is recorded, and the commit of that record. The windows, with
 * their floors and sweeps, are one step: each ready event is seen at some time. A claim begins at the start of the key, or
 * where that is too far, after the mark.
 */
final class KeyProtocol implements StateSpace.Protocol<KeyState> {

    /** Rules that may be left out, to show that each is needed. */
    enum Omission {
        KEY_LOCK,
        READ_BEFORE_LOCK,
        WAIT_FOR_RETRY,
        KEYS_IN_PROCESS,
        /** Under a lease the mark stays before the first event, whatever becomes of it. */
        MARK_BEFORE_LEASED
    }

    /**
     * What is explored.
     *
     * @param leased the mode
     * @param events of the key
     * @param lateFirst whether the first event is committed at any time, else before the others
     * @param faults how many things go wrong, of whatever kind
     */
    record Scenario(boolean leased, int events, boolean lateFirst, int faults) {

        KeyState start() {
            return KeyState.start(events, lateFirst, 2, faults);
        }
    }

    private static final int LONGEST_RUN = 2;

    private final Scenario scenario;
    private final Set<Omission> omitted;

    KeyProtocol(Scenario scenario, Set<Omission> omitted) {
        this.scenario = scenario;
        this.omitted = omitted;
    }

    @Override
    public String key(KeyState state) {
        return state.key();
    }

    @Override
    public boolean isSettled(KeyState state) {
        return Arrays.stream(state.events).allMatch(each -> each.row == Row.OVER);
    }

    @Override
    public @Nullable String fault(KeyState state) {
        if (Arrays.stream(state.workers).filter(Worker::isHandling).count() > 1) {
            return "two handle the key at a time";
        }
        boolean earlierIsOpen = false;
        for (int e = 0; e < state.events.length && !scenario.lateFirst(); e++) {
            int event = e;
            boolean handled = Arrays.stream(state.workers).anyMatch(each -> each.isHandling() && each.has(event));
            if (earlierIsOpen && (handled || state.events[e].row == Row.OVER)) {
                return "event " + e + " has overtaken an earlier one";
            }
            earlierIsOpen |= state.events[e].isUnfinished() && !handled && !state.events[e].handled;
        }
        return null;
    }

    @Override
    public void steps(KeyState from, Visitor<KeyState> visitor) {
        for (int e = 0; e < from.events.length; e++) {
            eventSteps(from, e, visitor);
        }
        for (int n = 0; n < from.workers.length; n++) {
            int worker = n;
            claim(from, n, visitor);
            new KeyEndings(scenario, omitted, from, n, visitor).steps();
            if (from.faults > 0 && from.workers[n].phase != Phase.IDLE) {
                step(from, "crash " + n, false, visitor, s -> {
                    s.faults--;
                    s.unlock(worker);
                    s.workers[worker] = new Worker();
                });
            }
        }
    }

    static void step(KeyState from, String name, boolean fair, Visitor<KeyState> visitor, Consumer<KeyState> change) {
        KeyState next = from.copy();
        change.accept(next);
        visitor.step(name, fair, next);
    }

    private static void eventSteps(KeyState from, int e, Visitor<KeyState> visitor) {
        Event event = from.events[e];
        if (event.row == Row.GONE) {
            step(from, "commit event " + e, true, visitor, s -> s.events[e].row = Row.PENDING);
        } else if (event.row == Row.PENDING && !event.due) {
            step(from, "event " + e + " is due", true, visitor, s -> s.events[e].due = true);
        } else if (event.row == Row.LEASED && from.workers[event.leasedBy].phase != Phase.WORKING) {
            step(from, "recover event " + e, true, visitor, s -> {
                s.events[e].row = Row.PENDING;
                s.events[e].leasedBy = NOBODY;
                s.changed(e);
            });
        }
    }

    private void claim(KeyState from, int n, Visitor<KeyState> visitor) {
        Worker worker = from.workers[n];
        for (int e = 0; e < from.events.length; e++) {
            int event = e;
            boolean ready = from.events[e].row == Row.PENDING && from.events[e].due;
            if (ready && (worker.backlog != -1 || e <= worker.mark)) {
                step(from, "see event " + e + " in a window " + n, true, visitor, s -> see(s.workers[n], event));
            }
        }
        if (worker.phase == Phase.IDLE && worker.backlog != FORGOTTEN) {
            for (int run = 1; run <= LONGEST_RUN; run++) {
                int length = run;
                step(from, "begin " + n, true, visitor, s -> begin(s, n, worker.backlog, length));
                if (worker.backlog == -1 && worker.mark != -1) {
                    step(from, "begin at the mark " + n, false, visitor, s -> begin(s, n, worker.mark, length));
                }
            }
        } else if (worker.phase == Phase.BEGUN) {
            step(from, "take the key " + n, true, visitor, s -> takeKey(s, n));
        } else if (worker.phase == Phase.LOCKING) {
            step(from, "lock the next row " + n, true, visitor, s -> lockNext(s, n));
        }
    }

    private static void see(Worker worker, int event) {
        worker.remember(-1);
        if (event <= worker.mark) {
            worker.mark = event - 1;
            worker.setBack = worker.phase != Phase.IDLE;
        }
    }

    private void begin(KeyState state, int n, int after, int run) {
        Worker worker = state.workers[n];
        worker.phase = Phase.BEGUN;
        worker.after = after;
        worker.backlog = FORGOTTEN;
        worker.run = run;
        for (int e = worker.after + 1; e < state.events.length; e++) {
            Event event = state.events[e];
            boolean isRetried = event.attempts > 0 && !omitted.contains(Omission.WAIT_FOR_RETRY);
            if (event.isUnfinished() && (event.due || isRetried) && Integer.bitCount(worker.seen) < run) {
                worker.seen |= 1 << e;
                worker.ready |= event.due ? 1 << e : 0;
            }
        }
        worker.more = Integer.bitCount(worker.seen) == run;
    }

    private void takeKey(KeyState state, int n) {
        Worker worker = state.workers[n];
        if (state.keyHeldBy != NOBODY && !omitted.contains(Omission.KEY_LOCK)) {
            worker.remember(worker.after);
            worker.rest();
            return;
        }
        state.keyHeldBy = n;
        worker.phase = Phase.LOCKING;
        claimed(state, n);
    }

    private void lockNext(KeyState state, int n) {
        Worker worker = state.workers[n];
        int e = Integer.numberOfTrailingZeros(worker.seen);
        Event event = state.events[e];
        worker.seen &= ~(1 << e);
        boolean free = event.lockedBy == NOBODY && event.isUnfinished();
        if (free && event.row == Row.PENDING && (worker.ready & (1 << e)) != 0) {
            event.lockedBy = n;
            worker.got |= 1 << e;
        } else if (free || !omitted.contains(Omission.READ_BEFORE_LOCK)) {
            boolean waits = free && (event.row == Row.LEASED || event.attempts > 0);
            if (!waits) {
                worker.remember(worker.after);
            }
            worker.seen = 0;
            worker.more = false;
        }
        claimed(state, n);
    }

    /** What follows once all rows are locked. */
    private void claimed(KeyState state, int n) {
        Worker worker = state.workers[n];
        if (worker.seen != 0) {
            return;
        }
        if (worker.got == 0) {
            state.unlock(n);
            worker.rest();
        } else {
            worker.phase = Phase.HOLDING;
            worker.ready = 0;
            boolean inProcess = Arrays.stream(state.events).anyMatch(each -> each.row == Row.LEASED);
            if (scenario.leased() && inProcess && !omitted.contains(Omission.KEYS_IN_PROCESS)) {
                state.unlock(n);
                worker.rest();
            }
        }
    }
}
