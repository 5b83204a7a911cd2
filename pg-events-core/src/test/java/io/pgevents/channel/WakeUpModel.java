package io.pgevents.channel;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The wake-up protocol of the package documentation as a machine with few states: publishers that insert, probe the
 * gate and commit; instances with a worker and a hub; a lost connection, a crash, and a consumer that becomes hot, each
 * a bounded number of times. There is no poll: what stays unseen when nothing more can happen would wait for it.
 */
final class WakeUpModel {

    /** Steps of the protocol that may be left out, to show that each is needed. */
    enum Omission {
        CLAIM_AFTER_CLOSING,
        WATCH_OF_OPEN_TRANSACTIONS,
        SIGNAL_AFTER_RECONNECT,
        TAKE_OR_END_IN_ONE_STEP,
        NOTIFICATION
    }

    private static final int NODES = 2;
    private static final int INSERTED = 1;
    private static final int PROBED = 2;
    private static final int COMMITTED = 3;
    private static final int HANDLED = 4;

    private final Set<Omission> omitted;
    private final int publishers;
    private final Map<String, String> cameFrom = new HashMap<>();
    private final Deque<State> toVisit = new ArrayDeque<>();
    private final List<String> violations = new ArrayList<>();

    WakeUpModel(int publishers, Set<Omission> omitted) {
        this.publishers = publishers;
        this.omitted = omitted;
    }

    /** One state: small enough to be copied for each step. */
    private static final class State {
        int[] publisher;
        boolean[] notifies;
        int gate = -1;
        int losses = 1;
        int crashes = 1;
        int heats = 1;
        Node[] nodes = {new Node(), new Node()};

        State(int publishers) {
            publisher = new int[publishers];
            notifies = new boolean[publishers];
        }

        State copy() {
            State copy = new State(publisher.length);
            copy.publisher = publisher.clone();
            copy.notifies = notifies.clone();
            copy.gate = gate;
            copy.losses = losses;
            copy.crashes = crashes;
            copy.heats = heats;
            copy.nodes = new Node[] {nodes[0].copy(), nodes[1].copy()};
            return copy;
        }

        String key() {
            return Arrays.toString(publisher)
                    + Arrays.toString(notifies)
                    + gate
                    + losses
                    + crashes
                    + heats
                    + nodes[0].key()
                    + nodes[1].key();
        }
    }

    /** The worker: none, running, claiming, ending (only where taking and ending are two steps). */
    private enum Worker {
        NONE,
        RUNNING,
        CLAIMING,
        ENDING
    }

    private static final class Node {
        boolean alive = true;
        boolean connected = true;
        boolean signalled = true;
        Worker worker = Worker.RUNNING;
        boolean parkWanted;
        boolean closing;
        boolean parked;
        boolean hot;
        boolean mail;
        int watched;

        Node copy() {
            Node copy = new Node();
            copy.alive = alive;
            copy.connected = connected;
            copy.signalled = signalled;
            copy.worker = worker;
            copy.parkWanted = parkWanted;
            copy.closing = closing;
            copy.parked = parked;
            copy.hot = hot;
            copy.mail = mail;
            copy.watched = watched;
            return copy;
        }

        void signal() {
            signalled = true;
            if (worker == Worker.NONE) {
                worker = Worker.RUNNING;
            }
        }

        /** The session of the hub is gone: the server frees its gate, and nobody hears its notifications. */
        void disconnect() {
            connected = false;
            closing = false;
            parked = false;
            mail = false;
            watched = 0;
        }

        String key() {
            return " " + alive + connected + signalled + worker + parkWanted + closing + parked + hot + mail + watched;
        }
    }

    int states() {
        return cameFrom.size();
    }

    List<String> violations() {
        return violations;
    }

    /** Visits every state that any order of steps can reach. */
    WakeUpModel explore() {
        State start = new State(publishers);
        cameFrom.put(start.key(), "");
        toVisit.add(start);
        while (!toVisit.isEmpty()) {
            State state = toVisit.remove();
            int before = steps(state);
            if (before == 0 && Arrays.stream(state.publisher).anyMatch(p -> p == COMMITTED)) {
                violations.add(history(state.key()));
            }
        }
        return this;
    }

    private String history(String key) {
        StringBuilder history = new StringBuilder();
        String each = key;
        while (!each.isEmpty()) {
            String[] from = cameFrom.get(each).split("\\|", 2);
            history.insert(0, from[0] + "; ");
            each = from.length > 1 ? from[1] : "";
        }
        return history.toString();
    }

    private int steps(State state) {
        int taken = 0;
        for (int p = 0; p < publishers; p++) {
            taken += publisherSteps(state, p);
        }
        for (int n = 0; n < NODES; n++) {
            if (state.nodes[n].alive) {
                taken += workerSteps(state, n) + hubSteps(state, n);
                faults(state, n);
            }
        }
        return taken;
    }

    private int step(State from, String name, boolean enabled, Consumer<State> change) {
        if (!enabled) {
            return 0;
        }
        State to = from.copy();
        change.accept(to);
        if (cameFrom.putIfAbsent(to.key(), name + "|" + from.key()) == null) {
            toVisit.add(to);
        }
        return 1;
    }

    private int publisherSteps(State state, int p) {
        int at = state.publisher[p];
        return step(state, "insert " + p, at == 0, s -> s.publisher[p] = INSERTED)
                + step(state, "probe " + p, at == INSERTED, s -> {
                    s.publisher[p] = PROBED;
                    s.notifies[p] = s.gate >= 0 && !omitted.contains(Omission.NOTIFICATION);
                })
                + step(state, "commit " + p, at == PROBED, s -> {
                    s.publisher[p] = COMMITTED;
                    for (Node node : s.nodes) {
                        node.mail |= s.notifies[p] && node.alive && node.connected;
                    }
                });
    }

    private int workerSteps(State state, int n) {
        Node node = state.nodes[n];
        boolean atomic = !omitted.contains(Omission.TAKE_OR_END_IN_ONE_STEP);
        boolean ends = node.worker == Worker.RUNNING && !node.signalled;
        return step(state, "take " + n, node.worker == Worker.RUNNING && node.signalled, s -> {
                    s.nodes[n].signalled = false;
                    s.nodes[n].worker = Worker.CLAIMING;
                })
                + step(state, "claim " + n, node.worker == Worker.CLAIMING, s -> {
                    for (int p = 0; p < publishers; p++) {
                        s.publisher[p] = s.publisher[p] == COMMITTED ? HANDLED : s.publisher[p];
                    }
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

    private int hubSteps(State state, int n) {
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
                + step(state, "see the end " + n, up && over(state, node) != 0, s -> {
                    s.nodes[n].watched &= ~over(s, s.nodes[n]);
                    s.nodes[n].signal();
                })
                + step(state, "reconnect " + n, !up, s -> {
                    s.nodes[n].connected = true;
                    if (!omitted.contains(Omission.SIGNAL_AFTER_RECONNECT)) {
                        s.nodes[n].signal();
                    }
                });
    }

    private void closed(State state, Node node) {
        node.closing = false;
        node.parked = true;
        for (int p = 0; p < publishers; p++) {
            boolean open = state.publisher[p] == INSERTED || state.publisher[p] == PROBED;
            if (open && !omitted.contains(Omission.WATCH_OF_OPEN_TRANSACTIONS)) {
                node.watched |= 1 << p;
            }
        }
        if (!omitted.contains(Omission.CLAIM_AFTER_CLOSING)) {
            node.signal();
        }
    }

    private static void heat(State state, int n) {
        Node node = state.nodes[n];
        state.heats--;
        node.mail = false;
        node.hot = true;
        node.parked = false;
        node.parkWanted = false;
        state.gate = -1;
        node.signal();
    }

    private static int over(State state, Node node) {
        int over = 0;
        for (int p = 0; p < state.publisher.length; p++) {
            if ((node.watched & (1 << p)) != 0 && state.publisher[p] >= COMMITTED) {
                over |= 1 << p;
            }
        }
        return over;
    }

    /** What may happen and need not. */
    private void faults(State state, int n) {
        Node node = state.nodes[n];
        boolean otherAlive = state.nodes[1 - n].alive;
        step(state, "lose the connection of " + n, node.connected && state.losses > 0, s -> {
            s.losses--;
            s.gate = s.gate == n ? -1 : s.gate;
            s.nodes[n].disconnect();
        });
        step(state, "crash " + n, state.crashes > 0 && otherAlive && node.worker != Worker.CLAIMING, s -> {
            s.crashes--;
            s.gate = s.gate == n ? -1 : s.gate;
            s.nodes[n] = new Node();
            s.nodes[n].alive = false;
            s.nodes[n].signalled = false;
            s.nodes[n].worker = Worker.NONE;
            s.nodes[n].disconnect();
        });
    }
}
