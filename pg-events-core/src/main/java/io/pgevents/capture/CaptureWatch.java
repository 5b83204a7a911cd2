package io.pgevents.capture;

import io.pgevents.capture.RowCaptures.Mode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that a table was dropped or created anew, or that triggers are away, installs them again, and tells of the
 * gap. Each instance notices on its own, by the table's object id. Thread-safe.
 */
final class CaptureWatch {

    private static final Logger log = LoggerFactory.getLogger(CaptureWatch.class);

    private final CaptureCatalog catalog;
    private final CaptureInstallation installation;
    private final Mode mode;
    private final Map<Capture, Runnable> listeners = new HashMap<>();
    private final Set<String> warned = new HashSet<>();
    private final Map<Capture, Long> tableIds = new HashMap<>();
    private Map<Capture, List<Trigger>> declared = Map.of();

    CaptureWatch(CaptureCatalog catalog, CaptureInstallation installation, Mode mode) {
        this.catalog = catalog;
        this.installation = installation;
        this.mode = mode;
    }

    synchronized void onGap(Capture capture, Runnable listener) {
        listeners.merge(capture, listener, (one, other) -> () -> {
            one.run();
            other.run();
        });
    }

    /** The triggers are there now. */
    synchronized void begin(Map<Capture, List<Trigger>> captures) {
        declared = Map.copyOf(captures);
        declared.keySet().forEach(each -> tableIds.put(each, tableId(each).orElse(-1L)));
    }

    synchronized void look() {
        if (!declared.isEmpty()) {
            warnOfDisabled();
            declared.forEach(this::look);
        }
    }

    private void look(Capture capture, List<Trigger> triggers) {
        Optional<Long> id = tableId(capture);
        if (id.isEmpty()) {
            once("The table " + capture.qualifiedTable() + " is gone; its changes are captured again when it is back");
            return;
        }
        boolean missing = !installation.missing(triggers).isEmpty();
        if (missing && !isInstalledNow(triggers)) {
            return;
        }
        if (!id.get().equals(tableIds.put(capture, id.get())) || missing) {
            warned.clear();
            log.warn(
                    "The table {} was created anew, or its triggers were away: changes made meanwhile were not captured",
                    capture.qualifiedTable());
            Runnable listener = listeners.get(capture);
            if (listener != null) {
                listener.run();
            }
        }
    }

    private boolean isInstalledNow(List<Trigger> triggers) {
        if (mode == Mode.VERIFY) {
            once("Triggers are away, and changes are not captured until somebody runs:\n"
                    + installation.script(triggers));
            return false;
        }
        return installation.tryInstall(triggers);
    }

    private void warnOfDisabled() {
        Set<String> names = declared.values().stream()
                .flatMap(List::stream)
                .map(Trigger::name)
                .collect(Collectors.toSet());
        catalog.triggers().stream()
                .filter(each -> each.disabled() && names.contains(each.name()))
                .forEach(each -> once("The trigger " + each.name() + " of " + each.table()
                        + " is disabled: changes are not captured"));
    }

    private Optional<Long> tableId(Capture capture) {
        return catalog.table(capture.qualifiedTable()).map(CapturedTable::id);
    }

    private void once(String warning) {
        if (warned.add(warning)) {
            log.warn(warning);
        }
    }
}
