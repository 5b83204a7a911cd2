package io.pgevents.channel;

import java.util.Arrays;

/** One state of {@link WakeUpModel}: small enough to be copied for each step. */
final class WakeUpState {

    /** Only where the gate is probed first: no snapshot knows of this transaction yet. */
    static final int WITHOUT_ID = -1;

    static final int HAS_ID = 1;
    static final int PROBED = 2;
    static final int COMMITTED = 3;
    static final int HANDLED = 4;

    int[] publisher;
    boolean[] notifies;
    int gate = -1;
    int losses = 1;
    int crashes = 1;
    int heats = 1;
    Node[] nodes = {new Node(), new Node()};

    WakeUpState(int publishers) {
        publisher = new int[publishers];
        notifies = new boolean[publishers];
    }

    WakeUpState copy() {
        WakeUpState copy = new WakeUpState(publisher.length);
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

    /** Whether a snapshot lists the transaction of a publisher as in progress: it has its id, and has not ended. */
    boolean isOpen(int p) {
        return publisher[p] == HAS_ID || publisher[p] == PROBED;
    }

    boolean hasUnseen() {
        return Arrays.stream(publisher).anyMatch(each -> each == COMMITTED);
    }

    /** A claim sees all that is committed. */
    void claim() {
        for (int p = 0; p < publisher.length; p++) {
            publisher[p] = publisher[p] == COMMITTED ? HANDLED : publisher[p];
        }
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

    /** A session is gone, and the server frees its gate. */
    void disconnect(int n) {
        gate = gate == n ? -1 : gate;
        nodes[n].disconnect();
    }

    /** The worker: none, running, claiming, ending (only where taking and ending are two steps). */
    enum Worker {
        NONE,
        RUNNING,
        CLAIMING,
        ENDING
    }

    static final class Node {
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

        /** The session of the hub is gone, and nobody hears its notifications. */
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
}
