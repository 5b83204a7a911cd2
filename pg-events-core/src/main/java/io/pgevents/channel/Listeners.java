package io.pgevents.channel;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who listens to what at a moment. Immutable; whoever comes or goes makes a new one. */
final class Listeners {

    private static final Logger log = LoggerFactory.getLogger(Listeners.class);

    static final Listeners NONE = new Listeners(List.of());

    private final List<Listening> all;
    private final Map<String, List<Listening>> byChannel;

    private Listeners(List<Listening> all) {
        this.all = all;
        this.byChannel = all.stream()
                .flatMap(each -> each.channels().stream().map(channel -> Map.entry(channel, each)))
                .collect(Collectors.groupingBy(
                        Map.Entry::getKey, Collectors.mapping(Map.Entry::getValue, Collectors.toUnmodifiableList())));
    }

    Listeners with(Listening added) {
        List<Listening> more = new ArrayList<>(all);
        more.add(added);
        return new Listeners(List.copyOf(more));
    }

    Listeners without(Listening removed) {
        return new Listeners(all.stream().filter(each -> each != removed).toList());
    }

    List<Listening> all() {
        return all;
    }

    List<Listening> of(String channel) {
        return byChannel.getOrDefault(channel, List.of());
    }

    /** All channels to which somebody listens. */
    Set<String> channels() {
        return byChannel.keySet();
    }

    /**
     * Lets deliveries that are on their way end, and interrupts those that take too long. What waits is forgotten:
     * whoever listens again later is told of the gap.
     */
    void finish(Duration grace) throws InterruptedException {
        all.forEach(each -> each.mailbox().clear());
        if (awaitIdle(grace).isEmpty()) {
            return;
        }
        all.forEach(each -> each.mailbox().interrupt());
        List<Mailbox> busy = awaitIdle(grace);
        if (!busy.isEmpty()) {
            log.warn("Some listeners of channels are still at work, and are left alone: {}", busy);
        }
    }

    /** Waits, in all no longer than the grace; returns who is still busy then. */
    private List<Mailbox> awaitIdle(Duration grace) throws InterruptedException {
        long end = System.nanoTime() + grace.toNanos();
        List<Mailbox> busy = new ArrayList<>();
        for (Listening each : all) {
            if (!each.mailbox().awaitIdle(end - System.nanoTime())) {
                busy.add(each.mailbox());
            }
        }
        return busy;
    }
}
