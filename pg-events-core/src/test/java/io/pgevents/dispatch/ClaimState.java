package io.pgevents.dispatch;

/** One state of the claim protocol: rows, publishers, workers and floors; small enough to be copied for each step. */
final class ClaimState {

    static final int NOBODY = -1;

    /**
     * What became of a row; INSERTED is not committed yet, GONE was rolled back by its publisher. Their first letters
     * differ, as those of the phases.
     */
    enum Row {
        ABSENT,
        INSERTED,
        PENDING,
        LEASED,
        DONE,
        GONE
    }

    /** Where a worker is in its pass. */
    enum Phase {
        IDLE,
        /** The floor has told where to begin. */
        BEGUN,
        /** The statement has its snapshot and locks row after row. */
        SCANNING,
        /** The statement has ended, and the floor does not know yet. */
        FOUND,
        /** The transaction that has the locks is open. */
        LOCKED,
        /** The events are leased. */
        WORKING,
        /** The events are free again, and the floor does not know yet. */
        RETREATING
    }

    Event[] events;
    Worker[] workers;
    FloorImage[] floors;
    int clock;
    /** How much may still go wrong. */
    int faults;

    ClaimState(int events, int workers, int instances) {
        this.events = new Event[events];
        this.workers = new Worker[workers];
        this.floors = new FloorImage[instances];
    }

    static ClaimState start(int events, int workers, int instances, int faults) {
        ClaimState start = new ClaimState(events, workers, instances);
        start.faults = faults;
        for (int e = 0; e < events; e++) {
            start.events[e] = new Event();
        }
        for (int n = 0; n < workers; n++) {
            start.workers[n] = new Worker(events);
        }
        for (int i = 0; i < instances; i++) {
            start.floors[i] = FloorImage.fresh(start.clock);
        }
        return start;
    }

    ClaimState copy() {
        ClaimState copy = new ClaimState(events.length, workers.length, floors.length);
        for (int e = 0; e < events.length; e++) {
            copy.events[e] = events[e].copy();
        }
        for (int n = 0; n < workers.length; n++) {
            copy.workers[n] = workers[n].copy();
        }
        copy.floors = floors.clone();
        copy.clock = clock;
        copy.faults = faults;
        return copy;
    }

    /** Forgets what decides nothing any more, so that fewer states differ. */
    ClaimState settle() {
        for (Event each : events) {
            if (each.isOver()) {
                each.time = 0;
            }
        }
        for (Worker each : workers) {
            each.settle();
        }
        renumberTokens();
        return this;
    }

    /** Only which tokens are equal matters. */
    private void renumberTokens() {
        int[] numbers = new int[newToken() + 1];
        int known = 0;
        for (Event each : events) {
            if (each.token > 0 && numbers[each.token] == 0) {
                numbers[each.token] = ++known;
            }
            each.token = numbers[each.token];
        }
        for (Worker each : workers) {
            if (each.token > 0 && numbers[each.token] == 0) {
                numbers[each.token] = ++known;
            }
            each.token = numbers[each.token];
        }
    }

    /** A token that nobody has, and no row. */
    int newToken() {
        int most = 0;
        for (Event each : events) {
            most = Math.max(most, each.token);
        }
        for (Worker each : workers) {
            most = Math.max(most, each.token);
        }
        return most + 1;
    }

    String key() {
        StringBuilder key = new StringBuilder(64);
        put(key, clock, faults);
        for (Event each : events) {
            put(key, each.row.name().charAt(0), each.time, each.lockedBy, each.token, each.ends, each.owedBy);
        }
        for (Worker each : workers) {
            put(key, each.phase.name().charAt(0), each.from, each.snapshot, each.got, each.token);
            put(key, each.kind.name().charAt(0), each.stale ? 1 : 0);
            put(key, each.seen);
        }
        for (FloorImage each : floors) {
            put(key, each.reached(), each.swept());
            put(key, (each.sweepWanted() ? 1 : 0) + (each.due() ? 2 : 0) + (each.draining() ? 4 : 0));
        }
        return key.toString();
    }

    /** One character for each; those below 256 take one byte. */
    private static void put(StringBuilder key, int... values) {
        for (int each : values) {
            key.append((char) (each + 1));
        }
    }

    /** The row of an event. */
    static final class Event {
        Row row = Row.ABSENT;
        int time;
        int lockedBy = NOBODY;
        int token;
        /** How many committed transactions have handled it. */
        int ends;
        /** The instances that have freed it themselves, and have to find it again without a sweep. */
        int owedBy;

        Event copy() {
            Event copy = new Event();
            copy.row = row;
            copy.time = time;
            copy.lockedBy = lockedBy;
            copy.token = token;
            copy.ends = ends;
            copy.owedBy = owedBy;
            return copy;
        }

        boolean isOver() {
            return row == Row.DONE || row == Row.GONE;
        }
    }

    /** What a worker knows; {@code seen} has the due time of each row that is ahead in its snapshot or claimed, or zero. */
    static final class Worker {
        Phase phase = Phase.IDLE;
        int from;
        Floor.Kind kind = Floor.Kind.PLAIN;
        boolean stale;
        int snapshot;
        int got;
        int token;
        int[] seen;

        Worker(int events) {
            seen = new int[events];
        }

        Worker copy() {
            Worker copy = new Worker(0);
            copy.phase = phase;
            copy.from = from;
            copy.kind = kind;
            copy.stale = stale;
            copy.snapshot = snapshot;
            copy.got = got;
            copy.token = token;
            copy.seen = seen.clone();
            return copy;
        }

        boolean has(int event) {
            return (got & (1 << event)) != 0;
        }

        boolean isClaiming() {
            return phase == Phase.BEGUN || phase == Phase.SCANNING || phase == Phase.FOUND;
        }

        private void settle() {
            if (phase != Phase.SCANNING) {
                snapshot = 0;
                from = phase == Phase.BEGUN ? from : 0;
                for (int e = 0; e < seen.length; e++) {
                    seen[e] = has(e) && phase != Phase.WORKING ? seen[e] : 0;
                }
            }
            if (!isClaiming()) {
                kind = Floor.Kind.PLAIN;
                stale = false;
            }
        }

        /** Back to the beginning of a pass. */
        void rest() {
            Worker fresh = new Worker(seen.length);
            phase = fresh.phase;
            from = fresh.from;
            kind = fresh.kind;
            stale = fresh.stale;
            snapshot = fresh.snapshot;
            got = fresh.got;
            token = fresh.token;
            seen = fresh.seen;
        }
    }
}
