package io.pgevents.dispatch;

import java.util.Arrays;

/** One state of the protocol of order per key, for the events of one key: rows, workers, and who has the key. */
final class KeyState {

    static final int NOBODY = -1;
    /** The key is not in the backlog of a worker. */
    static final int FORGOTTEN = -9;

    /** What became of a row; GONE is not committed yet, OVER is done or a dead letter. First letters differ. */
    enum Row {
        GONE,
        PENDING,
        LEASED,
        OVER
    }

    /** Where a worker is in its pass. First letters differ. */
    enum Phase {
        IDLE,
        /** The statement has its snapshot. */
        BEGUN,
        /** The statement has the key, and locks the rows it has seen. */
        LOCKING,
        /** The transaction has rows and key. */
        HOLDING,
        /** The transaction is over and the rows are leased. */
        WORKING,
        /** The claim was rolled back, and the failure of its first event is to be recorded. */
        FAILED,
        /** The record of the failure has the row, and is not committed. */
        RECORDING
    }

    Event[] events;
    Worker[] workers;
    int keyHeldBy = NOBODY;
    int faults;

    static KeyState start(int events, boolean lateFirst, int workers, int faults) {
        KeyState start = new KeyState();
        start.events = new Event[events];
        start.workers = new Worker[workers];
        Arrays.setAll(start.events, e -> new Event());
        Arrays.setAll(start.workers, n -> new Worker());
        start.events[0].row = lateFirst ? Row.GONE : Row.PENDING;
        start.faults = faults;
        return start;
    }

    KeyState copy() {
        KeyState copy = new KeyState();
        copy.events = new Event[events.length];
        copy.workers = new Worker[workers.length];
        Arrays.setAll(copy.events, e -> events[e].copy());
        Arrays.setAll(copy.workers, n -> workers[n].copy());
        copy.keyHeldBy = keyHeldBy;
        copy.faults = faults;
        return copy;
    }

    String key() {
        StringBuilder key = new StringBuilder(64).append(keyHeldBy).append(faults);
        for (Event each : events) {
            key.append(each.row.name().charAt(0))
                    .append(each.due ? 'd' : 'l')
                    .append(each.handled ? 'h' : '-')
                    .append(each.attempts)
                    .append(each.lockedBy)
                    .append(each.leasedBy);
        }
        for (Worker each : workers) {
            key.append(each.phase.name().charAt(0)).append(each.after).append(each.run);
            key.append((char) ('a' + each.seen))
                    .append((char) ('a' + each.ready))
                    .append((char) ('a' + each.got));
            key.append((char) ('a' + each.left))
                    .append((char) ('q' + each.backlog))
                    .append(each.more ? 'm' : '-');
            key.append(each.hasFailed ? 'f' : '-').append(each.setBack ? 's' : '-');
            key.append(each.firstLeased).append((char) ('q' + each.mark));
        }
        return key.toString();
    }

    /** A row has a new version: who took its snapshot before sees that when it locks it. */
    void changed(int event) {
        for (Worker each : workers) {
            each.ready &= ~(1 << event);
        }
    }

    void unlock(int worker) {
        for (Event each : events) {
            each.lockedBy = each.lockedBy == worker ? NOBODY : each.lockedBy;
        }
        keyHeldBy = keyHeldBy == worker ? NOBODY : keyHeldBy;
    }

    /** The row of an event. */
    static final class Event {
        Row row = Row.PENDING;
        boolean due = true;
        int attempts;
        int lockedBy = NOBODY;
        int leasedBy = NOBODY;
        /** Whether its handler has worked, under a lease that may have ended before that was written. */
        boolean handled;

        Event copy() {
            Event copy = new Event();
            copy.row = row;
            copy.due = due;
            copy.attempts = attempts;
            copy.lockedBy = lockedBy;
            copy.leasedBy = leasedBy;
            copy.handled = handled;
            return copy;
        }

        boolean isUnfinished() {
            return row == Row.PENDING || row == Row.LEASED;
        }
    }

    /** What a worker of an instance of its own knows. Sets of events are bits. */
    static final class Worker {
        Phase phase = Phase.IDLE;
        /** After which event the key goes on in the backlog. */
        int backlog = FORGOTTEN;
        /** After which event the key goes on if its start is too far. */
        int mark = -1;

        int after;
        int run;
        int seen;
        /** What was due in the snapshot and has not changed since. */
        int ready;

        int got;
        /** The first event under lease. */
        int firstLeased;
        /** What was leased and not begun, because an earlier event has failed. */
        int left;

        boolean more;
        boolean hasFailed;
        /** Whether a window has shown an event before the mark since the claim began. */
        boolean setBack;

        Worker copy() {
            Worker copy = new Worker();
            copy.phase = phase;
            copy.backlog = backlog;
            copy.mark = mark;
            copy.after = after;
            copy.run = run;
            copy.seen = seen;
            copy.ready = ready;
            copy.got = got;
            copy.firstLeased = firstLeased;
            copy.left = left;
            copy.more = more;
            copy.hasFailed = hasFailed;
            copy.setBack = setBack;
            return copy;
        }

        /** All up to this event are over. */
        void handledUpTo(int event) {
            mark = setBack ? mark : event;
        }

        void remember(int afterEvent) {
            backlog = backlog == FORGOTTEN ? afterEvent : Math.min(backlog, afterEvent);
        }

        boolean has(int event) {
            return (got & (1 << event)) != 0;
        }

        boolean isHandling() {
            return (phase == Phase.HOLDING || phase == Phase.WORKING) && got != 0;
        }

        int first() {
            return Integer.numberOfTrailingZeros(got);
        }

        int last() {
            return Integer.SIZE - 1 - Integer.numberOfLeadingZeros(got);
        }

        void rest() {
            phase = Phase.IDLE;
            after = 0;
            run = 0;
            seen = 0;
            ready = 0;
            got = 0;
            firstLeased = 0;
            left = 0;
            more = false;
            hasFailed = false;
            setBack = false;
        }
    }
}
