package io.pgevents.sample.profile;

import io.pgevents.boot.web.SseRelay;
import io.pgevents.relay.RelayStream;
import io.pgevents.relay.RelaySubscription;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** Streams the row of a profile: first as it is, then each change. Anybody may see it. */
@RestController
class ProfileStream {

    /** The changes of the table, in whichever schema the shop lives. */
    private static final RelayStream CHANGES =
            RelayStream.of("profile", "change.*.profile").withEventName("change");

    private final SseRelay relay;
    private final Profiles profiles;

    ProfileStream(SseRelay relay, Profiles profiles) {
        this.relay = relay;
        this.profiles = profiles;
    }

    /** Begins with the row and not with the cache, which may be told of a change a moment after the stream was. */
    @GetMapping("/profile/{name}/stream")
    void stream(@PathVariable String name, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        profiles.get(name);
        relay.open(
                request,
                response,
                RelaySubscription.to(CHANGES).withKey(name).withSnapshot("counters", () -> profiles.get(name)));
    }
}
