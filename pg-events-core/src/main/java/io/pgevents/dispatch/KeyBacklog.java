package io.pgevents.dispatch;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Keys of an ordered subscription that have work beyond what the window shows: those whose run was full, and those
 * another consumer held. A memory aid: what it forgets, a sweep finds. Thread-safe.
 */
final class KeyBacklog {

    private static final int MOST = 10_000;

    private final Map<String, Long> keys = new LinkedHashMap<>();

    /** Remembers a key and the row after which it goes on. */
    synchronized void add(String key, long afterId) {
        if (keys.size() < MOST || keys.containsKey(key)) {
            keys.merge(key, afterId, Math::min);
        }
    }

    /** Takes up to so many keys, the longest remembered first. */
    synchronized Map<String, Long> take(int most) {
        Map<String, Long> taken = new LinkedHashMap<>();
        for (Iterator<Map.Entry<String, Long>> each = keys.entrySet().iterator();
                each.hasNext() && taken.size() < most; ) {
            Map.Entry<String, Long> entry = each.next();
            taken.put(entry.getKey(), entry.getValue());
            each.remove();
        }
        return taken;
    }

    /** Whether so many keys are remembered that no more should be looked for. */
    synchronized boolean isLong() {
        return keys.size() > MOST / 2;
    }

    synchronized boolean isEmpty() {
        return keys.isEmpty();
    }
}
