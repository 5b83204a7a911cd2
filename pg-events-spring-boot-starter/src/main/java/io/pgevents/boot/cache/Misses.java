package io.pgevents.boot.cache;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the running thread has looked up in vain, and in which generation. A loader may look up other keys meanwhile, and
 * may fail, so a few lookups are remembered, and the oldest is forgotten: its value is then not stored.
 */
final class Misses {

    private static final int MOST = 32;

    private final ThreadLocal<Map<Object, Long>> generations = ThreadLocal.withInitial(LinkedHashMap::new);

    void remember(Object key, long generation) {
        Map<Object, Long> mine = generations.get();
        mine.remove(key);
        mine.put(key, generation);
        if (mine.size() > MOST) {
            mine.remove(mine.keySet().iterator().next());
        }
    }

    /** The generation of a lookup, which is over; null if there was none. */
    @Nullable
    Long take(Object key) {
        Map<Object, Long> mine = generations.get();
        Long generation = mine.remove(key);
        if (mine.isEmpty()) {
            generations.remove();
        }
        return generation;
    }
}
