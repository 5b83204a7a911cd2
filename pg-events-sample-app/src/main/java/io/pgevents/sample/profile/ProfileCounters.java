package io.pgevents.sample.profile;

import io.pgevents.capture.PgCacheEvict;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.stereotype.Service;

/** The counters of profiles, from a cache that each change of a row reaches, whoever makes it. */
@Service
class ProfileCounters {

    static final String CACHE = "profile-counters";

    private final Profiles profiles;

    ProfileCounters(Profiles profiles) {
        this.profiles = profiles;
    }

    /**
     * The counters of a profile.
     *
     * @throws ProfileException.Unknown if there is none
     */
    @Cacheable(CACHE)
    @PgCacheEvict(table = "profile", key = "name")
    public Counters of(String name) {
        Profile profile = profiles.get(name);
        return new Counters(profile.following(), profile.followers(), profile.likes());
    }

    /** What is counted. */
    record Counters(long following, long followers, long likes) {}
}
