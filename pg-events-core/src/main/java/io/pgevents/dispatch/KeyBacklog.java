package io.pgevents.dispatch;

import io.pgevents.queue.Claims.KeyRun;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keys of an ordered subscription that have work: those a window has shown, those whose run was full, and those another
 * consumer held. A memory aid: what it forgets, a sweep finds. Thread-safe.
 *
 * <p>Of the ten thousand keys that were used last it also knows a <em>mark</em>: after which row the key may go on when its
 * start is too far. What was due before the mark when the key was held is over, and no window has shown anything before
 * it since.
 *
 * <p>A key whose run was full is <em>behind</em>, and its next run is twice as long. Every other turn belongs to the keys
 * that are behind, the one furthest behind first: the events of a hot key can only be handled one after the other, so it
 * has to be at work all the time. The turns between belong to the other keys, which so wait for nobody's backlog.
 */
final class KeyBacklog {

    private static final int MOST = 10_000;
    /** Each key of a claim is a lock in the shared memory of the server until its commit. */
    private static final int MOST_LOCKS = 100;

    private final Map<String, Place> waiting = new LinkedHashMap<>();
    private final Map<String, Place> behind = new LinkedHashMap<>();
    private final Map<String, Mark> marks = new LinkedHashMap<>(16, 0.75F, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Mark> eldest) {
            return size() > MOST;
        }
    };

    private long setbacks;
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
        /** The key has work, and nothing is known of it. */
        static final Place UNKNOWN = seen(NONE);

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

        private long afterId() {
            return isUpToDate() ? overUpTo : BEFORE_ALL;
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

    /**
     * After which row a key may go on.
     *
     * @param afterId the row
     * @param setback the number of the last setback, when a window showed something before the mark; 0 if none did
     */
    private record Mark(long afterId, long setback) {}

    /** Remembers a key that has work. */
    synchronized void add(String key, Place place) {
        if (place.firstSeen() < Place.NONE) {
            marks.compute(key, (same, mark) -> setBack(mark, place.firstSeen()));
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

    private Mark setBack(@Nullable Mark mark, long firstSeen) {
        if (mark == null) {
            return new Mark(Place.BEFORE_ALL, ++setbacks);
        }
        return firstSeen > mark.afterId() ? mark : new Mark(firstSeen - 1, ++setbacks);
    }

    /** A moment, for {@link #handled}. */
    synchronized long now() {
        return setbacks;
    }

    /**
     * What was due up to this row of a key is over. It does not move the mark if that was set back meanwhile: the claim may not
     * have seen why.
     *
     * @param since a moment before the claim
     */
    synchronized void handled(String key, long upTo, long since) {
        marks.merge(key, new Mark(upTo, 0), (mark, next) -> mark.setback() > since ? mark : next);
    }

    /**
     * What is wanted of keys.
     *
     * @param strict whether a key that is not up to date is looked at from its start; else it goes on after its mark
     */
    synchronized Map<String, KeyRun> runs(Map<String, Place> keys, boolean strict) {
        Map<String, KeyRun> runs = new LinkedHashMap<>();
        keys.forEach((key, place) ->
                runs.put(key, new KeyRun(strict ? place.afterId() : afterMark(key, place), place.run())));
        return runs;
    }

    private long afterMark(String key, Place place) {
        Mark mark = marks.get(key);
        return mark == null || place.isUpToDate() ? place.afterId() : Math.min(mark.afterId(), place.firstSeen() - 1);
    }

    /** How many keys have work. */
    synchronized int size() {
        return waiting.size() + behind.size();
    }

    /** Takes at most a hundred keys, whose runs are so many events together. */
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
            long afterId = afterMark(entry.getKey(), entry.getValue());
            if (afterId < least) {
                furthest = entry.getKey();
                least = afterId;
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
            if (taking.run() > room || taken.size() >= MOST_LOCKS) {
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
