package io.pgevents.channel;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/** One state of {@link WakeUpModel}: small enough to be copied for each step. */
final class WakeUpState {

    /** Only where the gate is probed first: no snapshot knows of this transaction yet. */
    static final int WITHOUT_ID = -1;

    static final int HAS_ID = 1;
    static final int PROBED = 2;
    static final int COMMITTED = 3;
    static final int HANDLED = 4;
    /** Claimed by the first instance, whose transaction is open; one more is the second. */
    static final int CLAIMED = 5;

    static final int OPEN = -1;
    /** The gate is held by a session of the server whose client is gone. */
    static final int HELD_BY_THE_DEAD = 2;

    /** What may go wrong, each of it once. */
    enum Fault {
        LOSS,
        CUT,
        CRASH,
        END_OF_WATCH
    }

    int[] publisher;
    boolean[] notifies;
    /** For each event that waits, the instances that have seen it by their poll. */
    int[] polled;
    /** An instance has polled twice, and an event was there both times. */
    boolean late;

    int gate = OPEN;
    Set<Fault> faults = EnumSet.noneOf(Fault.class);
    int heats = 1;
    Node[] nodes = {new Node(), new Node()};

    WakeUpState(int publishers) {
        publisher = new int[publishers];
        notifies = new boolean[publishers];
        polled = new int[publishers];
    }

    WakeUpState copy() {
        WakeUpState copy = new WakeUpState(0);
        copy.publisher = publisher.clone();
        copy.notifies = notifies.clone();
        copy.polled = polled.clone();
        copy.late = late;
        copy.gate = gate;
        copy.faults = faults;
        copy.heats = heats;
        copy.nodes = new Node[] {nodes[0].copy(), nodes[1].copy()};
        return copy;
    }

    String key() {
        StringBuilder key = new StringBuilder(16);
        for (int p = 0; p < publisher.length; p++) {
            put(key, publisher[p], (notifies[p] ? 1 : 0) + 2 * polled[p]);
        }
        put(key, gate, heats + (late ? 2 : 0));
        for (Fault fault : Fault.values()) {
            put(key, faults.contains(fault) ? 1 : 0);
        }
        for (Node node : nodes) {
            put(key, node.worker.name().charAt(0), node.watched, node.flags());
        }
        return key.toString();
    }

    private static void put(StringBuilder key, int... values) {
        for (int each : values) {
            key.append((char) (each + 1));
        }
    }

    /** Whether a snapshot lists the transaction of a publisher as in progress: it has its id, and has not ended. */
    boolean isOpen(int p) {
        return publisher[p] == HAS_ID || publisher[p] == PROBED;
    }

    boolean hasUnseen() {
        return Arrays.stream(publisher).anyMatch(each -> each == COMMITTED);
    }

    boolean isSettled() {
        return Arrays.stream(publisher).allMatch(each -> each == HANDLED);
    }

    /** Those of the publishers a node watches that have ended. */
    int over(Node node) {
        int over = 0;
        for (int p = 0; p < publisher.length; p++) {
            if ((node.watched & (1 << p)) != 0 && publisher[p] >= COMMITTED) {
                over |= 1 << p;
            }
        }
        return over;
    }

    /** A claim sees all that is committed, and passes over what another has locked; false if it has found nothing. */
    boolean claim(int n) {
        boolean found = hasUnseen();
        move(COMMITTED, CLAIMED + n);
        return found;
    }

    void commitClaim(int n) {
        move(CLAIMED + n, HANDLED);
    }

    /** The server frees what the transaction of a node has locked: nobody has seen it. */
    void rollBackClaim(int n) {
        move(CLAIMED + n, COMMITTED);
    }

    private void move(int from, int to) {
        for (int p = 0; p < publisher.length; p++) {
            if (publisher[p] == from) {
                publisher[p] = to;
                polled[p] = 0;
            }
        }
    }

    /** A node looks after its subscription, and sees what nobody has locked. */
    void poll(int n) {
        for (int p = 0; p < publisher.length; p++) {
            if (publisher[p] == COMMITTED) {
                late |= (polled[p] & (1 << n)) != 0;
                polled[p] |= 1 << n;
            }
        }
        nodes[n].signal();
    }

    /** A node's session is gone, and the server frees its gate. */
    void disconnect(int n) {
        gate = gate == n ? OPEN : gate;
        nodes[n].disconnect();
    }

    /** Nothing goes over the line any more, and neither side knows: the gate stays where it is. */
    void cut(int n) {
        gate = gate == n ? HELD_BY_THE_DEAD : gate;
        nodes[n].deaf = true;
        nodes[n].mail = false;
    }

    /**
     * The worker: none, running, claiming, having claimed, ending (only where taking and ending are two steps). Their first
     * letters differ.
     */
    enum Worker {
        NONE,
        RUNNING,
        CLAIMING,
        HOLDING,
        ENDING
    }

    /** One instance; {@code connected} is what it believes. */
    static final class Node {
        boolean alive = true;
        boolean connected = true;
        boolean deaf;
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
            copy.deaf = deaf;
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

        /** The hub and the server understand each other. */
        boolean hears() {
            return connected && !deaf;
        }

        /** The session of the hub is gone, and nobody hears its notifications. */
        void disconnect() {
            connected = false;
            deaf = false;
            closing = false;
            parked = false;
            mail = false;
            watched = 0;
        }

        void crash() {
            disconnect();
            alive = false;
            signalled = false;
            worker = Worker.NONE;
            parkWanted = false;
            hot = false;
        }

        int flags() {
            boolean[] all = {alive, connected, deaf, signalled, parkWanted, closing, parked, hot, mail};
            int flags = 0;
            for (int i = 0; i < all.length; i++) {
                flags |= all[i] ? 1 << i : 0;
            }
            return flags;
        }
    }
}
