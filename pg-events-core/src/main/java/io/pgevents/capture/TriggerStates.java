package io.pgevents.capture;

import io.pgevents.capture.CaptureCatalog.Found;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The triggers of a capture as the catalogue has them at a moment. If they are the same as before, they were there all
 * the time.
 *
 * @param byName those that are there
 */
record TriggerStates(Map<String, Found> byName) {

    TriggerStates {
        byName = Map.copyOf(byName);
    }

    /** Those of the triggers that stand where they have to. */
    static TriggerStates of(List<Trigger> triggers, List<Found> there) {
        return new TriggerStates(there.stream()
                .filter(each -> triggers.stream().anyMatch(each::isInPlaceOf))
                .collect(Collectors.toMap(Found::name, Function.identity())));
    }

    boolean isComplete(List<Trigger> triggers) {
        return byName.size() == triggers.size();
    }

    /** Whether nothing can have happened unnoticed since then. */
    boolean isSameSince(@Nullable TriggerStates before) {
        return before != null
                && byName.keySet().equals(before.byName.keySet())
                && byName.values().stream().allMatch(each -> isSame(before.byName.get(each.name()), each));
    }

    /** Switching a trigger off and on again writes its row anew. So does replacing it, but then its comment differs. */
    private static boolean isSame(@Nullable Found before, Found now) {
        return before != null
                && before.id() == now.id()
                && before.disabled() == now.disabled()
                && (before.version().equals(now.version()) || !now.hasCommentOf(before));
    }

    /** The names of those that are switched off. */
    List<String> disabled() {
        return byName.values().stream()
                .filter(Found::disabled)
                .map(Found::name)
                .sorted()
                .toList();
    }
}
