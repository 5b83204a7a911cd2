package io.pgevents.sample.profile;

import io.pgevents.capture.PgChanges;
import io.pgevents.capture.RowChange;
import java.util.Map;
import java.util.Objects;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.stereotype.Service;

/** The counters of profiles, from a cache that each change of a row reaches, whoever makes it. */
@Service
class ProfileCounters {

    static final String CACHE = "profile-counters";

    private final Profiles profiles;
    private final Cache cache;

    ProfileCounters(Profiles profiles, CacheManager caches) {
        this.profiles = profiles;
        this.cache = Objects.requireNonNull(caches.getCache(CACHE));
    }

    /**
     * The counters of a profile.
     *
     * @throws ProfileException.Unknown if there is none
     */
    @Cacheable(CACHE)
    public Counters of(String name) {
        Profile profile = profiles.get(name);
        return new Counters(profile.following(), profile.followers(), profile.likes());
    }

    @PgChanges(table = "profile", broadcast = true, onGap = "clear")
    void evict(RowChange<Map<String, Object>> change) {
        cache.evict(Objects.requireNonNull(change.metadata().key()));
    }

    void clear() {
        cache.clear();
    }

    /** What is counted. */
    record Counters(long following, long followers, long likes) {}
}
