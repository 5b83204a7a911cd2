package io.pgevents.boot.web;

import io.pgevents.PgEventsStartException;
import io.pgevents.live.LiveTopics;
import io.pgevents.relay.RelayStream;
import io.pgevents.subscription.TopicPattern;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The declared streams by name. Their topics are live, so that publishers write them to the log. */
final class RelayStreams implements LiveTopics {

    private final Map<String, RelayStream> streams = new LinkedHashMap<>();

    RelayStreams(List<RelayStream> beans, RelayProperties properties) {
        beans.forEach(this::add);
        properties.streams().forEach((name, stream) -> add(fromProperties(name, stream)));
    }

    private static RelayStream fromProperties(String name, RelayProperties.Stream stream) {
        try {
            return stream.named(name);
        } catch (IllegalArgumentException ex) {
            throw new PgEventsStartException(
                    "A stream of the relay is not valid. " + ex.getMessage() + ".",
                    "Correct pg-events.relay.streams." + name + ".*.",
                    ex);
        }
    }

    private void add(RelayStream stream) {
        if (streams.putIfAbsent(stream.name(), stream) != null) {
            throw new PgEventsStartException(
                    "There are two streams of the relay with the name \"" + stream.name() + "\".",
                    "Rename one of them: a RelayStream bean, or pg-events.relay.streams." + stream.name() + ".");
        }
    }

    Map<String, RelayStream> byName() {
        return streams;
    }

    @Override
    public Collection<TopicPattern> topics() {
        return streams.values().stream()
                .flatMap(stream -> stream.topics().stream())
                .collect(Collectors.toSet());
    }
}
