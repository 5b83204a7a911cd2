package io.pgevents.dispatch;

import io.pgevents.Priority;
import io.pgevents.queue.ClaimedEvent;
import io.pgevents.queue.ClaimedEvent.Position;
import java.lang.reflect.Field;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.Map;

/**
 * What decides in a {@link Floor}, as values: a model restores the real one from them, lets it take a step, and looks
 * again. The time is whether a sweep is due; setbacks count from {@link #NO_SETBACK}.
 *
 * @param reached the place the next claim begins at, as a number
 * @param swept the place the next sweep begins at
 * @param sweepWanted whether the next claim is a sweep
 * @param due whether the pause before the next sweep is over
 * @param draining whether the last sweep was full
 */
record FloorImage(int reached, int swept, boolean sweepWanted, boolean due, boolean draining) {

    static final int START = -1;
    static final long NO_SETBACK = 1;

    private static final int IDS = 10;
    private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");
    private static final Position[] POSITIONS = new Position[1000];
    private static final ClaimedEvent[] EVENTS = new ClaimedEvent[1000];
    private static final long HOUR = Duration.ofHours(1).toNanos();
    private static final Field REACHED = field("reached");
    private static final Field SWEPT = field("swept");
    private static final Field NEXT_SWEEP = field("nextSweep");
    private static final Field SWEEP_WANTED = field("sweepWanted");
    private static final Field DRAINING = field("draining");
    private static final Field SETBACKS = field("setbacks");

    /** The floor of an instance that starts at a time. */
    static FloorImage fresh(int time) {
        return of(Floor.ofBatches(position(number(time, -1))));
    }

    static FloorImage of(Floor floor) {
        try {
            return new FloorImage(
                    number(places(REACHED, floor).get(Priority.NORMAL)),
                    number(places(SWEPT, floor).get(Priority.NORMAL)),
                    SWEEP_WANTED.getBoolean(floor),
                    NEXT_SWEEP.getLong(floor) - System.nanoTime() <= 0,
                    DRAINING.getBoolean(floor));
        } catch (IllegalAccessException ex) {
            throw new AssertionError(ex);
        }
    }

    Floor restore() {
        try {
            Floor floor = Floor.ofBatches(position(reached));
            places(SWEPT, floor).put(Priority.NORMAL, position(swept));
            SWEEP_WANTED.setBoolean(floor, sweepWanted);
            NEXT_SWEEP.setLong(floor, System.nanoTime() + (due ? -HOUR : HOUR));
            DRAINING.setBoolean(floor, draining);
            SETBACKS.setLong(floor, NO_SETBACK);
            return floor;
        } catch (IllegalAccessException ex) {
            throw new AssertionError(ex);
        }
    }

    /** With a sweep that is due. */
    FloorImage withDueSweep() {
        return new FloorImage(reached, swept, sweepWanted, true, draining);
    }

    /** As if there never were a sweep. */
    FloorImage withoutSweeps() {
        return new FloorImage(reached, swept, false, false, draining);
    }

    /** A scan as the floor would have given it. */
    static Floor.Scan scan(int from, Floor.Kind kind, boolean late) {
        Map<Priority, Position> places = new EnumMap<>(Floor.beginning());
        places.put(Priority.NORMAL, position(from));
        return new Floor.Scan(places, kind, System.nanoTime(), late ? NO_SETBACK - 1 : NO_SETBACK);
    }

    static int from(Floor.Scan scan) {
        return number(scan.from().get(Priority.NORMAL));
    }

    /** The number of a position: a due time and the index of an event. */
    static int number(int time, int event) {
        return time * IDS + event + 1;
    }

    static ClaimedEvent event(int time, int event) {
        int number = number(time, event);
        if (EVENTS[number] == null) {
            EVENTS[number] = new ClaimedEvent(FloorTests.event(event + 1).event(), 0, position(number), null, null);
        }
        return EVENTS[number];
    }

    private static int number(Position position) {
        return position.processAt() == null
                ? START
                : (int) (position.processAt().toEpochSecond() - T0.getEpochSecond()) * IDS + (int) position.id();
    }

    private static Position position(int number) {
        if (number == START) {
            return Position.START;
        }
        if (POSITIONS[number] == null) {
            POSITIONS[number] = new Position(T0.plusSeconds(number / IDS).atOffset(ZoneOffset.UTC), number % IDS);
        }
        return POSITIONS[number];
    }

    @SuppressWarnings("unchecked")
    private static Map<Priority, Position> places(Field field, Floor floor) throws IllegalAccessException {
        return (Map<Priority, Position>) field.get(floor);
    }

    private static Field field(String name) {
        try {
            Field field = Floor.class.getDeclaredField(name);
            field.setAccessible(true);
            return field;
        } catch (NoSuchFieldException ex) {
            throw new AssertionError(ex);
        }
    }
}
