package io.pgevents.sample.profile;

import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Profiles over HTTP. A change is answered when it is committed; what it has come to is told by the stream. */
@RestController
class ProfileController {

    private static final String GUEST = "guest";

    private final Profiles profiles;
    private final ProfileCounters counters;

    ProfileController(Profiles profiles, ProfileCounters counters) {
        this.profiles = profiles;
        this.counters = counters;
    }

    @GetMapping("/profiles")
    List<Profile> list() {
        return profiles.list();
    }

    @GetMapping("/profile/{name}/counters")
    ProfileCounters.Counters counters(@PathVariable String name) {
        return counters.of(name);
    }

    @PostMapping("/profile/{name}/likes")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void like(@PathVariable String name) {
        profiles.like(name);
    }

    /** Who follows, and whether the visitor does. */
    @GetMapping("/profile/{name}/followers")
    Followers followers(@PathVariable String name, @RequestParam(defaultValue = GUEST) String as) {
        Profile followed = profiles.get(name);
        return new Followers(profiles.newestFollowers(name), followed.followers(), profiles.follows(as, name));
    }

    @PostMapping("/profile/{name}/followers")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void follow(@PathVariable String name, @RequestParam(defaultValue = GUEST) String as) {
        checkPair(name, as);
        profiles.follow(as, name);
    }

    @DeleteMapping("/profile/{name}/followers")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void unfollow(@PathVariable String name, @RequestParam(defaultValue = GUEST) String as) {
        checkPair(name, as);
        profiles.unfollow(as, name);
    }

    private void checkPair(String name, String visitor) {
        profiles.get(name);
        profiles.get(visitor);
        if (name.equals(visitor)) {
            throw new ProfileException.OwnFollower(name);
        }
    }

    /** The newest followers, how many there are, and whether the visitor is among them. */
    record Followers(List<Profile> newest, long total, boolean following) {}
}
