package io.pgevents.sample.profile;

import io.pgevents.boot.web.SseRelay;
import io.pgevents.live.LiveEvent;
import io.pgevents.relay.RelayStream;
import io.pgevents.relay.RelaySubscription;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Streams the counters of a profile: first as they are, then after each change of the row. Anybody may see them. */
@RestController
class ProfileStream {

    private static final String EVENT = "counters";

    /** The changes of the table, in whichever schema the shop lives. A window that is too slow is told of a gap. */
    private static final RelayStream CHANGES =
            RelayStream.of("profile", "change.*.profile").withEventName(EVENT).withView(ProfileStream::afterwards);

    private final SseRelay relay;
    private final Profiles profiles;

    ProfileStream(SseRelay relay, Profiles profiles) {
        this.relay = relay;
        this.profiles = profiles;
    }

    /**
     * Begins with the row and not with the cache, which may be told of a change a moment after the stream was. Whoever has
     * no row is unknown; if the database does not answer, the browser is asked to come back.
     */
    @GetMapping("/profile/{name}/stream")
    void stream(@PathVariable String name, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        relay.open(
                request,
                response,
                RelaySubscription.to(CHANGES).withKey(name).withSnapshot(EVENT, () -> Moment.of(profiles.get(name))));
    }

    /** The counters after a change, or null if the row was deleted. */
    private static @Nullable String afterwards(LiveEvent change) {
        JsonNode row = JsonMapper.shared().readTree(change.payload()).path("new");
        return row.isObject() ? JsonMapper.shared().writeValueAsString(Moment.of(row)) : null;
    }

    /** The counters at one moment; of two moments, the one with the higher revision is later. */
    record Moment(long following, long followers, long likes, long revision) {

        static Moment of(Profile row) {
            return new Moment(row.following(), row.followers(), row.likes(), row.revision());
        }

        static Moment of(JsonNode row) {
            return new Moment(
                    row.path("following").asLong(),
                    row.path("followers").asLong(),
                    row.path("likes").asLong(),
                    row.path("revision").asLong());
        }
    }
}
