package io.pgevents.boot.cache;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/** Counts how often keys have changed. Thread-safe. */
final class Generations {

    private static final int STRIPES = 1024;

    private final AtomicLongArray stripes = new AtomicLongArray(STRIPES);
    private final AtomicLong all = new AtomicLong();

    /** The generation of a key: never the same again after a change of it. */
    long of(Object key) {
        // Both only grow, so their sum changes whenever one of them does.
        return all.get() + stripes.get(stripe(key));
    }

    /** Counts a change of a key; returns the generation it begins, which is over if anything else changes meanwhile. */
    long changed(Object key) {
        // What changes all keys from here on makes a difference.
        long everything = all.get();
        return everything + stripes.incrementAndGet(stripe(key));
    }

    void allChanged() {
        all.incrementAndGet();
    }

    private static int stripe(Object key) {
        int hash = key.hashCode();
        return (hash ^ (hash >>> 16)) & (STRIPES - 1);
    }
}
