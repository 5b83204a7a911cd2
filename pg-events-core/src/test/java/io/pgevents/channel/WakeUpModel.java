package io.pgevents.channel;

import io.pgevents.channel.WakeUpSteps.Omission;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The wake-up protocol of the package documentation as a machine with few states: {@link WakeUpState} is one of them,
 * {@link WakeUpSteps} are the ways from one to the next. A lost connection, a crash, and a consumer that becomes hot
 * happen a bounded number of times each. There is no poll: what stays unseen when nothing more can happen would wait
 * for it.
 */
final class WakeUpModel {

    private final Set<Omission> omitted;
    private final int publishers;
    private final Map<String, String> cameFrom = new HashMap<>();
    private final Deque<WakeUpState> toVisit = new ArrayDeque<>();
    private final List<String> violations = new ArrayList<>();

    WakeUpModel(int publishers, Set<Omission> omitted) {
        this.publishers = publishers;
        this.omitted = omitted;
    }

    int states() {
        return cameFrom.size();
    }

    /** For each state in which a committed event stays unseen for ever, the steps that lead there. */
    List<String> violations() {
        return violations;
    }

    /** Visits every state that any order of steps can reach. */
    WakeUpModel explore() {
        reach("", new WakeUpState(publishers));
        while (!toVisit.isEmpty()) {
            WakeUpState state = toVisit.remove();
            String key = state.key();
            int steps = new WakeUpSteps(omitted, (name, next) -> reach(name + "|" + key, next)).from(state);
            if (steps == 0 && state.hasUnseen()) {
                violations.add(history(key));
            }
        }
        return this;
    }

    private void reach(String from, WakeUpState state) {
        if (cameFrom.putIfAbsent(state.key(), from) == null) {
            toVisit.add(state);
        }
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
}
