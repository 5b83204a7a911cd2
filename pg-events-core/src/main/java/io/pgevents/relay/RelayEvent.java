package io.pgevents.relay;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.pgevents.live.LiveEvent;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An event on its way to many clients: it is written, and read for filters, once for all. Thread-safe. */
final class RelayEvent {

    private static final Logger log = LoggerFactory.getLogger(Relay.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final LiveEvent event;
    private final long number;
    private final Map<Writing, byte[]> frames = new ConcurrentHashMap<>(2);
    private final Map<Function<LiveEvent, @Nullable String>, Optional<RelayEvent>> views = new ConcurrentHashMap<>(2);
    private volatile @Nullable JsonNode payload;

    private record Writing(FrameEncoder encoder, boolean withCursor) {}

    private record Slot(String topic, String key) {}

    /** With its place in the trunk, or 0 if it was replayed to one client. */
    RelayEvent(LiveEvent event, long number) {
        this.event = event;
        this.number = number;
    }

    LiveEvent event() {
        return event;
    }

    long number() {
        return number;
    }

    /** Of two events with the same slot the newer one is enough, where only the latest counts. Without a key it has its own. */
    Object slot() {
        String key = event.key();
        return key == null ? new Object() : new Slot(event.topic(), key);
    }

    /** What a view leaves of it, worked out once for all who look through it; or null if nothing. */
    @Nullable
    RelayEvent through(Function<LiveEvent, @Nullable String> view) {
        return views.computeIfAbsent(
                        view, each -> Optional.ofNullable(each.apply(event)).map(this::withPayload))
                .orElse(null);
    }

    private RelayEvent withPayload(String text) {
        if (text.equals(event.payload())) {
            return this;
        }
        LiveEvent seen = new LiveEvent(
                event.eventId(),
                event.topic(),
                event.type(),
                event.key(),
                event.headers(),
                text,
                event.createdAt(),
                event.cursor());
        return new RelayEvent(seen, number);
    }

    byte[] frame(FrameEncoder encoder, boolean withCursor) {
        return frames.computeIfAbsent(
                new Writing(encoder, withCursor), writing -> writing.encoder().event(event, writing.withCursor()));
    }

    /** The text of a field of the payload, or null if there is none. */
    @Nullable
    String field(String name) {
        JsonNode node = payload().at(JsonPointer.compile("/" + name.replace('.', '/')));
        return node.isValueNode() && !node.isNull() ? node.asText() : null;
    }

    private JsonNode payload() {
        JsonNode known = payload;
        if (known == null) {
            known = read();
            payload = known;
        }
        return known;
    }

    private JsonNode read() {
        try {
            return JSON.readTree(event.payload());
        } catch (JsonProcessingException ex) {
            log.debug("The payload of event {} is no JSON; filters by field hide it", event.eventId(), ex);
            return MissingNode.getInstance();
        }
    }
}
