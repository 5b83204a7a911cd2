package io.pgevents.dispatch;

import io.pgevents.queue.Claims.KeyRun;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keys of an ordered subscription that have work: those a window has shown, those whose run was full, and those another
 * consumer held. A memory aid: what it forgets, a sweep finds. Thread-safe.
 *
 * <p>Of the ten thousand keys that were handled last it also knows up to where they were. While a long snapshot keeps the
 * consumed rows of a key in the index, the key can go on from there, instead of walking over all of them.
 *
 * <p>A key whose run was full is <em>behind</em>, and its next run is twice as long. Every other turn belongs to the keys
 * that are behind, the one furthest behind first: the events of a hot key can only be handled one after the other, so it
 * has to be at work all the time. The turns between belong to the other keys, which so wait for nobody's backlog.
 */
final class KeyBacklog {

    private static final int MOST = 10_000;

    private final Map<String, Place> waiting = new LinkedHashMap<>();
    private final Map<String, Place> behind = new LinkedHashMap<>();
    /** Up to which row of a key all were over when it was last held here; others may have held it since. */
    private final Map<String, Long> handledUpTo = new LinkedHashMap<>(16, 0.75F, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > MOST;
        }
    };

    private boolean behindFirst;

    /**
     * Where a key stands.
     *
     * @param overUpTo up to this row all were over when the key was last held; {@link #NONE} if it was not
     * @param firstSeen the first row that a window has shown since, and that was nobody's; {@link #NONE} if none
     * @param run the most events to take next
     */
    record Place(long overUpTo, long firstSeen, int run) {

        private static final long NONE = Long.MAX_VALUE;
        private static final long BEFORE_ALL = -1;
        /** All rows of the key have to be looked at, whatever is known of it. */
        static final Place START = after(BEFORE_ALL, 1);
        /** A window has shown rows of the key, and all of them were somebody's. */
        static final Place SEEN_LOCKED = seen(NONE);

        static Place seen(long id) {
            return new Place(NONE, id, 1);
        }

        static Place after(long id, int run) {
            return new Place(id, NONE, run);
        }

        /** Another has the key, or may get it: what was over is out of date, since it may find an event that came late. */
        Place outdated() {
            return new Place(NONE, firstSeen, run);
        }

        /**
         * Whether the key goes on after the rows that were over. What was seen before them came late, or again; then something
         * that has failed and waits may stand before it as well.
         */
        private boolean isUpToDate() {
            return overUpTo < firstSeen;
        }

        boolean isBehind() {
            return run > 1;
        }

        Place and(Place other) {
            return new Place(
                    Math.min(overUpTo, other.overUpTo), Math.min(firstSeen, other.firstSeen), Math.max(run, other.run));
        }

        Place withRun(int length) {
            return new Place(overUpTo, firstSeen, length);
        }
    }

    /** Remembers a key that has work. */
    synchronized void add(String key, Place place) {
        if (place.firstSeen() < Place.NONE) {
            handledUpTo.computeIfPresent(key, (same, upTo) -> Math.min(upTo, place.firstSeen() - 1));
        }
        Map<String, Place> from = behind.containsKey(key) ? behind : waiting;
        Place known = from.get(key);
        if (known == null && size() >= MOST) {
            return;
        }
        Place now = known == null ? place : known.and(place);
        Map<String, Place> to = now.isBehind() ? behind : waiting;
        if (to != from) {
            from.remove(key);
        }
        to.put(key, now);
    }

    /** Events of a key are over, up to this row. */
    synchronized void handled(String key, long upTo) {
        handledUpTo.put(key, upTo);
    }

    /**
     * What is wanted of keys.
     *
     * @param strict whether all rows of a key are looked at unless it is up to date; else it goes on where it was handled
     */
    synchronized Map<String, KeyRun> runs(Map<String, Place> keys, boolean strict) {
        Map<String, KeyRun> runs = new LinkedHashMap<>();
        keys.forEach((key, place) -> {
            long from = strict ? Place.BEFORE_ALL : handledUpTo(key);
            runs.put(key, new KeyRun(place.isUpToDate() ? place.overUpTo() : from, place.run()));
        });
        return runs;
    }

    private long handledUpTo(String key) {
        return handledUpTo.getOrDefault(key, Place.BEFORE_ALL);
    }

    private int size() {
        return waiting.size() + behind.size();
    }

    /** Takes keys whose runs are so many events together. */
    synchronized Map<String, Place> take(int events) {
        Turn turn = new Turn(events);
        behindFirst = !behindFirst;
        if (behindFirst) {
            turn.take(furthestBehind(), behind);
            turn.takeFirst(behind);
            turn.takeFirst(waiting);
        } else {
            turn.takeFirst(waiting);
            turn.takeFirst(behind);
        }
        return turn.taken();
    }

    private @Nullable String furthestBehind() {
        String furthest = null;
        long least = Long.MAX_VALUE;
        for (Map.Entry<String, Place> entry : behind.entrySet()) {
            Place place = entry.getValue();
            long overUpTo = place.isUpToDate() ? place.overUpTo() : handledUpTo(entry.getKey());
            if (overUpTo < least) {
                furthest = entry.getKey();
                least = overUpTo;
            }
        }
        return furthest;
    }

    /** Fills up one claim. */
    private static final class Turn {

        private final Map<String, Place> taken = new LinkedHashMap<>();
        private final int events;
        private int room;

        Turn(int events) {
            this.events = events;
            this.room = events;
        }

        /** Takes keys, the longest remembered first, up to the one whose run does not fit. */
        void takeFirst(Map<String, Place> keys) {
            while (!keys.isEmpty() && take(keys.keySet().iterator().next(), keys)) {}
        }

        boolean take(@Nullable String key, Map<String, Place> keys) {
            Place place = keys.get(key);
            if (place == null) {
                return false;
            }
            Place taking = place.withRun(Math.min(place.run(), events));
            if (taking.run() > room) {
                return false;
            }
            keys.remove(key);
            taken.put(key, taking);
            room -= taking.run();
            return true;
        }

        /** What was taken; the room that is left is shared out. */
        Map<String, Place> taken() {
            int share = taken.isEmpty() ? 0 : room / taken.size();
            taken.replaceAll((key, place) -> place.withRun(place.run() + share));
            return taken;
        }
    }

    /** Whether so many keys are remembered that no more should be looked for. */
    synchronized boolean isLong() {
        return size() > MOST / 2;
    }

    synchronized boolean isEmpty() {
        return size() == 0;
    }
}
