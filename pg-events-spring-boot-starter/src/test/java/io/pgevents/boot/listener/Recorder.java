package io.pgevents.boot.listener;

import java.util.ArrayList;
import java.util.List;

/** Remembers what handlers got. */
final class Recorder {

    private static final List<Object> SEEN = new ArrayList<>();

    private Recorder() {}

    static synchronized void add(Object what) {
        SEEN.add(what);
    }

    static synchronized List<Object> takeAll() {
        List<Object> all = List.copyOf(SEEN);
        SEEN.clear();
        return all;
    }
}
