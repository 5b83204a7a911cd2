package io.pgevents;

/**
 * How urgent an event is within its subscription. Priority is strict: while an event of a higher priority is ready, no
 * event of a lower one is claimed. Order per key goes before priority.
 */
public enum Priority {
    /** Before everything else; {@code 0} in the column {@code priority}. */
    HIGH(0),
    /** The default; {@code 1} in the column {@code priority}. */
    NORMAL(1),
    /** Bulk work that may wait; {@code 2} in the column {@code priority}. */
    LOW(2);

    private final int level;

    Priority(int level) {
        this.level = level;
    }

    /** The number in the column {@code priority}. */
    public int level() {
        return level;
    }

    /**
     * The priority of a number in the column {@code priority}.
     *
     * @throws IllegalArgumentException if there is no such priority
     */
    public static Priority ofLevel(int level) {
        for (Priority priority : values()) {
            if (priority.level == level) {
                return priority;
            }
        }
        throw new IllegalArgumentException("There is no priority " + level + "; use 0 (high), 1 (normal) or 2 (low).");
    }
}
