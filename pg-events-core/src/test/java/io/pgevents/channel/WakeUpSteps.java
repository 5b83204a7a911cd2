package io.pgevents.channel;

import static io.pgevents.channel.WakeUpModel.may;
import static io.pgevents.channel.WakeUpModel.step;
import static io.pgevents.channel.WakeUpState.COMMITTED;
import static io.pgevents.channel.WakeUpState.HAS_ID;
import static io.pgevents.channel.WakeUpState.OPEN;
import static io.pgevents.channel.WakeUpState.PROBED;
import static io.pgevents.channel.WakeUpState.WITHOUT_ID;

import io.pgevents.channel.WakeUpModel.Omission;
import io.pgevents.channel.WakeUpState.Node;
import io.pgevents.channel.WakeUpState.Worker;
import io.pgevents.support.StateSpace.Visitor;
import java.util.Set;

/**
 * Who does what in {@link WakeUpModel}.
 *
 * <p>Publishers take the id of their transaction, probe the gate, and commit. The first two are steps of one INSERT: ours
 * has inserted the row, and with it taken the id, before its RETURNING probes; a foreign one takes the id at the
 * beginning of the trigger that probes, and inserts the row after that. Whether the row is there already when the gate is
 * probed makes no difference, because nobody sees it before the commit. Instances have a worker and a hub.
 *
 * @param omitted what is left out
 */
record WakeUpSteps(Set<Omission> omitted) {

    void publishers(WakeUpState from, Visitor<WakeUpState> visitor) {
        boolean idFirst = !omitted.contains(Omission.ID_BEFORE_PROBE);
        for (int each = 0; each < from.publisher.length; each++) {
            int p = each;
            int at = from.publisher[p];
            step(from, "take an id " + p, at == (idFirst ? 0 : WITHOUT_ID), visitor, s -> {
                s.publisher[p] = idFirst ? HAS_ID : PROBED;
            });
            step(from, "probe " + p, at == (idFirst ? HAS_ID : 0), visitor, s -> {
                s.publisher[p] = idFirst ? PROBED : WITHOUT_ID;
                s.notifies[p] = s.gate != OPEN && !omitted.contains(Omission.NOTIFICATION);
            });
            step(from, "commit " + p, at == PROBED, visitor, s -> {
                s.publisher[p] = COMMITTED;
                for (Node node : s.nodes) {
                    node.mail |= s.notifies[p] && node.alive && node.hears();
                }
                s.notifies[p] = false;
            });
        }
    }

    /** All that an instance does. */
    void node(WakeUpState from, int n, Visitor<WakeUpState> visitor) {
        worker(from, n, visitor);
        gate(from, n, visitor);
        ear(from, n, visitor);
        connection(from, n, visitor);
    }

    private void worker(WakeUpState from, int n, Visitor<WakeUpState> visitor) {
        Node node = from.nodes[n];
        boolean atomic = !omitted.contains(Omission.TAKE_OR_END_IN_ONE_STEP);
        boolean ends = node.worker == Worker.RUNNING && !node.signalled;
        step(from, "take " + n, node.worker == Worker.RUNNING && node.signalled, visitor, s -> {
            s.nodes[n].signalled = false;
            s.nodes[n].worker = Worker.CLAIMING;
        });
        step(from, "claim " + n, node.worker == Worker.CLAIMING, visitor, s -> {
            s.nodes[n].worker = s.claim(n) ? Worker.HOLDING : Worker.RUNNING;
        });
        step(from, "commit the claim " + n, node.worker == Worker.HOLDING, visitor, s -> {
            s.commitClaim(n);
            s.nodes[n].worker = Worker.RUNNING;
        });
        step(from, "end " + n, ends && atomic, visitor, s -> rest(s.nodes[n]));
        step(from, "will end " + n, ends && !atomic, visitor, s -> s.nodes[n].worker = Worker.ENDING);
        step(from, "ended " + n, node.worker == Worker.ENDING, visitor, s -> rest(s.nodes[n]));
    }

    private static void rest(Node node) {
        node.worker = Worker.NONE;
        node.parkWanted |= !node.hot;
    }

    private void gate(WakeUpState from, int n, Visitor<WakeUpState> visitor) {
        Node node = from.nodes[n];
        boolean wanted = node.connected && node.parkWanted;
        step(from, "forget " + n, wanted && node.parked, visitor, s -> s.nodes[n].parkWanted = false);
        step(from, "close " + n, wanted && !node.deaf && !node.parked && from.gate == OPEN, visitor, s -> {
            s.gate = n;
            s.nodes[n].parkWanted = false;
            s.nodes[n].closing = true;
        });
        step(from, "look after closing " + n, node.hears() && node.closing, visitor, s -> closed(s, s.nodes[n]));
        step(from, "see the end " + n, node.hears() && from.over(node) != 0, visitor, s -> {
            s.nodes[n].watched &= ~s.over(s.nodes[n]);
            s.nodes[n].signal();
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

    private static void ear(WakeUpState from, int n, Visitor<WakeUpState> visitor) {
        Node node = from.nodes[n];
        step(from, "hear " + n, node.mail && !node.closing, visitor, s -> {
            s.nodes[n].mail = false;
            if (s.nodes[n].parked) {
                s.nodes[n].signal();
            }
        });
        may(from, "become hot " + n, node.mail && node.parked && from.heats > 0, visitor, s -> heat(s, n));
        step(from, "poll and cool down " + n, node.hot, visitor, s -> {
            s.nodes[n].hot = false;
            s.nodes[n].signal();
        });
    }

    private static void heat(WakeUpState state, int n) {
        Node node = state.nodes[n];
        state.heats--;
        node.mail = false;
        node.hot = true;
        node.parked = false;
        node.parkWanted = false;
        state.gate = OPEN;
        node.signal();
    }

    private void connection(WakeUpState from, int n, Visitor<WakeUpState> visitor) {
        step(from, "miss the heartbeat " + n, from.nodes[n].deaf, visitor, s -> s.nodes[n].disconnect());
        step(from, "reconnect " + n, !from.nodes[n].connected, visitor, s -> {
            s.nodes[n].connected = true;
            if (!omitted.contains(Omission.SIGNAL_AFTER_RECONNECT)) {
                s.nodes[n].signal();
            }
        });
    }
}
