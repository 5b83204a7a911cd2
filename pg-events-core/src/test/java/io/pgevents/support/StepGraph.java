package io.pgevents.support;

import java.util.Arrays;

/**
 * The steps between the states that are not settled, and the search for an endless run among them. A run is meant in
 * which no fair step stays possible for ever without being taken: such a run stays in one strongly connected part of the
 * graph, in which each fair step is either taken or somewhere impossible. The parts are found by Tarjan's algorithm
 * (Depth-first search and linear graph algorithms, 1972), without recursion.
 */
final class StepGraph {

    private static final int MOST_LABELS = 64;

    private long fair;
    private int labels;
    private int[] begins = new int[1024];
    private int[] targets = new int[4096];
    private byte[] taken = new byte[4096];
    private boolean[] settled = new boolean[1024];
    private int states;
    private int edges;

    private int[] index = {};
    private int[] low = {};
    private int[] next = {};
    private int[] open = {};
    private int opened;
    private int found;

    /** A new kind of step. */
    int label(boolean isFair) {
        if (labels == MOST_LABELS) {
            throw new IllegalStateException("Too many kinds of steps");
        }
        fair |= isFair ? 1L << labels : 0;
        return labels++;
    }

    /** A step from the state that is not closed yet. */
    void add(int from, int to, int label) {
        if (from != states) {
            throw new IllegalArgumentException("State " + from + " is closed");
        }
        if (edges == targets.length) {
            targets = Arrays.copyOf(targets, 2 * edges);
            taken = Arrays.copyOf(taken, 2 * edges);
        }
        targets[edges] = to;
        taken[edges++] = (byte) label;
    }

    /** The state has no more steps. */
    void close(boolean isSettled) {
        if (states + 2 > begins.length) {
            begins = Arrays.copyOf(begins, 2 * begins.length);
            settled = Arrays.copyOf(settled, 2 * settled.length);
        }
        settled[states++] = isSettled;
        begins[states] = edges;
    }

    /** A state in which an endless run may be; -1 if there is none. */
    int endless() {
        index = new int[states];
        low = new int[states];
        next = Arrays.copyOf(begins, states);
        open = new int[states];
        int[] path = new int[states + 1];
        for (int root = 0; root < states; root++) {
            if (index[root] == 0 && !settled[root]) {
                int endless = search(root, path);
                if (endless >= 0) {
                    return endless;
                }
            }
        }
        return -1;
    }

    private int search(int root, int[] path) {
        int depth = 0;
        path[0] = enter(root);
        while (depth >= 0) {
            int state = path[depth];
            if (next[state] < begins[state + 1]) {
                int to = targets[next[state]++];
                if (settled[to]) {
                    continue;
                }
                if (index[to] == 0) {
                    path[++depth] = enter(to);
                } else {
                    low[state] = Math.min(low[state], low[to]);
                }
                continue;
            }
            if (low[state] == index[state] && isEndless(state)) {
                return state;
            }
            depth--;
            if (depth >= 0) {
                low[path[depth]] = Math.min(low[path[depth]], low[state]);
            }
        }
        return -1;
    }

    private int enter(int state) {
        index[state] = ++found;
        low[state] = found;
        open[opened++] = state;
        return state;
    }

    /** Closes the part that began with a state. */
    private boolean isEndless(int state) {
        int first = opened;
        do {
            first--;
        } while (open[first] != state);
        long possible = fair;
        long inside = 0;
        boolean goesOn = false;
        boolean stands = false;
        for (int i = first; i < opened; i++) {
            long here = 0;
            for (int edge = begins[open[i]]; edge < begins[open[i] + 1]; edge++) {
                long label = 1L << taken[edge];
                here |= label;
                // Parts that were closed before are marked as far away.
                if (!settled[targets[edge]] && index[targets[edge]] >= index[state] && low[targets[edge]] < far()) {
                    inside |= label;
                    goesOn = true;
                }
            }
            possible &= here;
            stands |= (here & fair) == 0;
        }
        for (int i = first; i < opened; i++) {
            low[open[i]] = far();
        }
        opened = first;
        return stands || (goesOn && (possible & ~inside) == 0);
    }

    private static int far() {
        return Integer.MAX_VALUE;
    }
}
