package io.pgevents.support;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Visits every state that any order of the steps of a protocol can reach. Stops at the first state that is at fault;
 * {@link #forgotten} looks afterwards for ways to go on for ever without coming to the end.
 */
public final class StateSpace<S> {

    /** The states and steps of what is explored. */
    public interface Protocol<S> {

        /** Tells states apart. */
        String key(S state);

        /** Takes every step that is possible. */
        void steps(S from, Visitor<S> visitor);

        /** What is wrong with a state, or null. */
        @Nullable
        String fault(S state);

        /** Whether all is done. */
        boolean isSettled(S state);
    }

    /** Is told of each step from a state. */
    public interface Visitor<S> {

        /**
         * A step that is possible.
         *
         * @param name what it is
         * @param fair whether it happens at some time, if it stays possible; a fault need not
         * @param next where it leads
         */
        void step(String name, boolean fair, S next);
    }

    /** More do not fit into memory. */
    private static final int MOST_STATES = 3_000_000;

    private final Protocol<S> protocol;
    private final Map<String, Integer> numbers = new HashMap<>();
    private final Deque<S> toVisit = new ArrayDeque<>();
    private final Map<String, Integer> labels = new HashMap<>();
    private final List<String> names = new ArrayList<>();
    private final StepGraph graph = new StepGraph();
    private int[] parents = new int[1024];
    private byte[] ways = new byte[1024];
    private @Nullable String fault;

    public StateSpace(Protocol<S> protocol) {
        this.protocol = protocol;
    }

    /** Visits what can be reached from a state, unless one of them is at fault. */
    public StateSpace<S> explore(S start) {
        reach(-1, 0, start);
        for (int number = 0; !toVisit.isEmpty() && fault == null; number++) {
            S state = toVisit.remove();
            int from = number;
            boolean settled = protocol.isSettled(state);
            protocol.steps(state, (name, fair, next) -> {
                int label = label(name, fair);
                int to = reach(from, label, next);
                if (!settled) {
                    graph.add(from, to, label);
                }
            });
            graph.close(settled);
        }
        return this;
    }

    private int label(String name, boolean fair) {
        return labels.computeIfAbsent(name, key -> {
            names.add(key);
            return graph.label(fair);
        });
    }

    private int reach(int from, int label, S state) {
        int number = numbers.size();
        Integer known = numbers.putIfAbsent(protocol.key(state), number);
        if (known != null) {
            return known;
        }
        if (number == MOST_STATES) {
            throw new IllegalStateException("There are more states than can be visited: " + number);
        }
        if (number == parents.length) {
            parents = Arrays.copyOf(parents, 2 * number);
            ways = Arrays.copyOf(ways, 2 * number);
        }
        parents[number] = from;
        ways[number] = (byte) label;
        toVisit.add(state);
        String found = fault == null ? protocol.fault(state) : null;
        fault = found == null ? fault : found + ": " + history(number);
        return number;
    }

    /** How many states there are. */
    public int states() {
        return numbers.size();
    }

    /** A state that must not be, and the steps that lead there; null if there is none. */
    @Nullable
    public String fault() {
        return fault;
    }

    /** The steps to a place from where the protocol may run on, or stand still, for ever without an end; else null. */
    @Nullable
    public String forgotten() {
        int number = graph.endless();
        return number < 0 ? null : "never ends after: " + history(number);
    }

    private String history(int number) {
        StringBuilder history = new StringBuilder();
        for (int each = number; parents[each] >= 0; each = parents[each]) {
            history.insert(0, names.get(ways[each]) + "; ");
        }
        return history.toString();
    }
}
