package io.pgevents.channel;

import static io.pgevents.channel.WakeUpState.COMMITTED;
import static io.pgevents.channel.WakeUpState.HAS_ID;
import static io.pgevents.channel.WakeUpState.PROBED;
import static io.pgevents.channel.WakeUpState.WITHOUT_ID;

import io.pgevents.channel.WakeUpState.Node;
import io.pgevents.channel.WakeUpState.Worker;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Who does what in {@link WakeUpModel}; and what may go wrong.
 *
 * <p>Publishers take the id of their transaction, probe the gate, and commit. The first two are steps of one INSERT: ours
 * has inserted the row, and with it taken the id, before its RETURNING probes; a foreign one takes the id at the
 * beginning of the trigger that probes, and inserts the row after that. Whether the row is there already when the gate is
 * probed makes no difference, because nobody sees it before the commit. Instances have a worker and a hub.
 */
final class WakeUpSteps {

    /** Steps of the protocol that may be left out, to show that each is needed. */
    enum Omission {
        CLAIM_AFTER_CLOSING,
        WATCH_OF_OPEN_TRANSACTIONS,
        SIGNAL_AFTER_RECONNECT,
        TAKE_OR_END_IN_ONE_STEP,
        NOTIFICATION,
        ID_BEFORE_PROBE
    }

    /** Takes the steps that are possible in a state. */
    interface Visitor {
        void step(String name, WakeUpState next);
    }

    private final Set<Omission> omitted;
    private final Visitor visitor;

    WakeUpSteps(Set<Omission> omitted, Visitor visitor) {
        this.omitted = omitted;
        this.visitor = visitor;
    }

    /** Takes every step from a state; returns how many of them have to happen at some time. */
    int from(WakeUpState state) {
        int taken = 0;
        for (int p = 0; p < state.publisher.length; p++) {
            taken += publisherSteps(state, p);
        }
        for (int n = 0; n < state.nodes.length; n++) {
            if (state.nodes[n].alive) {
                taken += workerSteps(state, n) + hubSteps(state, n);
                faults(state, n);
            }
        }
        return taken;
    }

    private int step(WakeUpState from, String name, boolean enabled, Consumer<WakeUpState> change) {
        if (!enabled) {
            return 0;
        }
        WakeUpState to = from.copy();
        change.accept(to);
        visitor.step(name, to);
        return 1;
    }

    private int publisherSteps(WakeUpState state, int p) {
        int at = state.publisher[p];
        boolean idFirst = !omitted.contains(Omission.ID_BEFORE_PROBE);
        return step(state, "take an id " + p, at == (idFirst ? 0 : WITHOUT_ID), s -> {
                    s.publisher[p] = idFirst ? HAS_ID : PROBED;
                })
                + step(state, "probe " + p, at == (idFirst ? HAS_ID : 0), s -> {
                    s.publisher[p] = idFirst ? PROBED : WITHOUT_ID;
                    s.notifies[p] = s.gate >= 0 && !omitted.contains(Omission.NOTIFICATION);
                })
                + step(state, "commit " + p, at == PROBED, s -> {
                    s.publisher[p] = COMMITTED;
                    for (Node node : s.nodes) {
                        node.mail |= s.notifies[p] && node.alive && node.connected;
                    }
                });
    }

    private int workerSteps(WakeUpState state, int n) {
        Node node = state.nodes[n];
        boolean atomic = !omitted.contains(Omission.TAKE_OR_END_IN_ONE_STEP);
        boolean ends = node.worker == Worker.RUNNING && !node.signalled;
        return step(state, "take " + n, node.worker == Worker.RUNNING && node.signalled, s -> {
                    s.nodes[n].signalled = false;
                    s.nodes[n].worker = Worker.CLAIMING;
                })
                + step(state, "claim " + n, node.worker == Worker.CLAIMING, s -> {
                    s.claim();
                    s.nodes[n].worker = Worker.RUNNING;
                })
                + step(state, "end " + n, ends && atomic, s -> rest(s.nodes[n]))
                + step(state, "will end " + n, ends && !atomic, s -> s.nodes[n].worker = Worker.ENDING)
                + step(state, "ended " + n, node.worker == Worker.ENDING, s -> rest(s.nodes[n]));
    }

    private static void rest(Node node) {
        node.worker = Worker.NONE;
        if (!node.hot) {
            node.parkWanted = true;
        }
    }

    private int hubSteps(WakeUpState state, int n) {
        Node node = state.nodes[n];
        boolean up = node.connected;
        return step(state, "forget " + n, up && node.parkWanted && node.parked, s -> s.nodes[n].parkWanted = false)
                + step(state, "close " + n, up && node.parkWanted && !node.parked && state.gate < 0, s -> {
                    s.gate = n;
                    s.nodes[n].parkWanted = false;
                    s.nodes[n].closing = true;
                })
                + step(state, "look after closing " + n, up && node.closing, s -> closed(s, s.nodes[n]))
                + step(state, "hear " + n, up && node.mail && !node.closing, s -> {
                    s.nodes[n].mail = false;
                    if (s.nodes[n].parked) {
                        s.nodes[n].signal();
                    }
                })
                + step(state, "become hot " + n, up && node.mail && node.parked && state.heats > 0, s -> heat(s, n))
                + step(state, "poll and cool down " + n, node.hot, s -> {
                    s.nodes[n].hot = false;
                    s.nodes[n].signal();
                })
                + step(state, "see the end " + n, up && state.over(node) != 0, s -> {
                    s.nodes[n].watched &= ~s.over(s.nodes[n]);
                    s.nodes[n].signal();
                })
                + step(state, "reconnect " + n, !up, s -> {
                    s.nodes[n].connected = true;
                    if (!omitted.contains(Omission.SIGNAL_AFTER_RECONNECT)) {
                        s.nodes[n].signal();
                    }
                });
    }

    private void closed(WakeUpState state, Node node) {
        node.closing = false;
        node.parked = true;
        for (int p = 0; p < state.publisher.length; p++) {
            if (state.isOpen(p) && !omitted.contains(Omission.WATCH_OF_OPEN_TRANSACTIONS)) {
                node.watched |= 1 << p;
            }
        }
        if (!omitted.contains(Omission.CLAIM_AFTER_CLOSING)) {
            node.signal();
        }
    }

    private static void heat(WakeUpState state, int n) {
        Node node = state.nodes[n];
        state.heats--;
        node.mail = false;
        node.hot = true;
        node.parked = false;
        node.parkWanted = false;
        state.gate = -1;
        node.signal();
    }

    /** What may happen and need not. */
    private void faults(WakeUpState state, int n) {
        Node node = state.nodes[n];
        boolean otherAlive = state.nodes[1 - n].alive;
        step(state, "lose the connection of " + n, node.connected && state.losses > 0, s -> {
            s.losses--;
            s.disconnect(n);
        });
        step(state, "crash " + n, state.crashes > 0 && otherAlive && node.worker != Worker.CLAIMING, s -> {
            s.crashes--;
            s.nodes[n] = new Node();
            s.nodes[n].alive = false;
            s.nodes[n].signalled = false;
            s.nodes[n].worker = Worker.NONE;
            s.disconnect(n);
        });
    }
}
