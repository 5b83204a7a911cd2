package io.pgevents.channel;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Who listens to what at a moment. Immutable; whoever comes or goes makes a new one. */
final class Listeners {

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
}
