package io.pgevents.capture;

import io.pgevents.capture.CaptureCatalog.Found;
import io.pgevents.capture.RowCaptures.Mode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that a table was dropped or created anew, or that triggers were away or switched off, installs them again, and
 * tells of the gap. Each instance notices on its own, whoever installs them, by what the triggers are. What fails for one
 * capture does not keep it from the others, and is tried again the next time. Thread-safe.
 */
final class CaptureWatch {

    private static final Logger log = LoggerFactory.getLogger(CaptureWatch.class);

    private final CaptureCatalog catalog;
    private final CaptureInstallation installation;
    private final Mode mode;
    private final Map<Capture, Set<Runnable>> listeners = new HashMap<>();
    /** Those who do not know of a gap yet. */
    private final Map<Capture, Set<Runnable>> untold = new LinkedHashMap<>();

    private final Map<Capture, TriggerStates> seen = new HashMap<>();
    private final Set<String> warned = new HashSet<>();
    private Map<Capture, List<Trigger>> declared = Map.of();

    CaptureWatch(CaptureCatalog catalog, CaptureInstallation installation, Mode mode) {
        this.catalog = catalog;
        this.installation = installation;
        this.mode = mode;
    }

    synchronized void onGap(Capture capture, Runnable listener) {
        listeners.computeIfAbsent(capture, each -> new LinkedHashSet<>()).add(listener);
    }

    /** The triggers are there now; those that were watched before are compared with what they were. */
    synchronized void begin(Map<Capture, List<Trigger>> captures) {
        declared = Map.copyOf(captures);
        List<Found> there = catalog.triggers();
        declared.forEach((capture, triggers) -> seen.putIfAbsent(capture, TriggerStates.of(triggers, there)));
    }

    synchronized void look() {
        if (declared.isEmpty()) {
            return;
        }
        List<Found> there = catalog.triggers();
        declared.forEach((capture, triggers) -> {
            try {
                look(capture, triggers, there);
            } catch (RuntimeException | Error ex) {
                log.warn("The triggers of {} cannot be looked after", capture.qualifiedTable(), ex);
            }
        });
        untold.keySet().forEach(this::tell);
        untold.values().removeIf(Set::isEmpty);
    }

    private void look(Capture capture, List<Trigger> triggers, List<Found> there) {
        if (catalog.table(capture.qualifiedTable()).isEmpty()) {
            once("The table " + capture.qualifiedTable() + " is gone; its changes are captured again when it is back");
            return;
        }
        TriggerStates states = TriggerStates.of(triggers, there);
        if (!states.isComplete(triggers) && isInstalledNow(triggers)) {
            states = TriggerStates.of(triggers, catalog.triggers());
        }
        if (!states.isSameSince(seen.get(capture))) {
            warned.clear();
            log.warn(
                    "The table {} was created anew, or its triggers were away or switched off: changes made meanwhile were"
                            + " not captured",
                    capture.qualifiedTable());
            untold.put(capture, new LinkedHashSet<>(listeners.getOrDefault(capture, Set.of())));
            seen.put(capture, states);
        }
        states.disabled()
                .forEach(each -> once("The trigger " + each + " of " + capture.qualifiedTable()
                        + " is disabled: changes are not captured"));
        leave(strays(triggers, there), capture);
    }

    private boolean isInstalledNow(List<Trigger> triggers) {
        if (mode == Mode.VERIFY) {
            once("Triggers are away, and changes are not captured until somebody runs:\n"
                    + installation.script(triggers));
            return false;
        }
        return installation.tryInstall(triggers);
    }

    /** Triggers that went with a table when it was renamed, and publish its changes as those of its successor. */
    private static List<Found> strays(List<Trigger> triggers, List<Found> there) {
        Set<String> names = triggers.stream().map(Trigger::name).collect(Collectors.toSet());
        return there.stream()
                .filter(each -> names.contains(each.name()) && triggers.stream().noneMatch(each::isInPlaceOf))
                .toList();
    }

    private void leave(List<Found> strays, Capture capture) {
        if (strays.isEmpty()) {
            return;
        }
        List<String> drops = strays.stream().map(installation::dropOf).toList();
        if (mode == Mode.VERIFY) {
            once("The changes of another table are told as those of " + capture.qualifiedTable()
                    + ", whose name it had, until somebody runs: " + drops);
        } else if (installation.tryDrop(strays, () -> {})) {
            log.warn(
                    "The changes of another table, which had the name {}, were told as those of its successor. Its triggers"
                            + " are removed: {}",
                    capture.qualifiedTable(),
                    drops);
        }
    }

    private void tell(Capture capture) {
        untold.getOrDefault(capture, Set.of()).removeIf(listener -> {
            try {
                listener.run();
                return true;
            } catch (RuntimeException | Error ex) {
                log.warn("A listener cannot be told of the gap in the changes of {}", capture.qualifiedTable(), ex);
                return false;
            }
        });
    }

    private void once(String warning) {
        if (warned.add(warning)) {
            log.warn(warning);
        }
    }
}
