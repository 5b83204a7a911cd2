package io.pgevents.live;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * A {@code pg_snapshot}: which transactions were over when it was taken. All before {@code xmin} were, none from
 * {@code xmax} on, and of those between all but some, ascending. Immutable.
 */
final class Snapshot {

    private static final int RADIX = 36;
    private static final int MOST_IN_PROGRESS = 10_000;

    private final long xmin;
    private final long xmax;
    private final long[] inProgress;

    private Snapshot(long xmin, long xmax, long[] inProgress) {
        this.xmin = xmin;
        this.xmax = xmax;
        this.inProgress = inProgress;
    }

    /** Reads what the server writes. */
    static Snapshot of(String text) {
        String[] parts = text.split(":", -1);
        long[] inProgress = parts[2].isEmpty()
                ? new long[0]
                : Arrays.stream(parts[2].split(",")).mapToLong(Long::parseLong).toArray();
        return new Snapshot(Long.parseLong(parts[0]), Long.parseLong(parts[1]), inProgress);
    }

    /** As the server reads it. */
    String text() {
        return xmin + ":" + xmax + ":"
                + LongStream.of(inProgress).mapToObj(Long::toString).collect(Collectors.joining(","));
    }

    /** Short, and of letters, digits, colons and dots only. */
    String encoded() {
        String head = Long.toString(xmin, RADIX) + ":" + Long.toString(xmax - xmin, RADIX);
        return inProgress.length == 0
                ? head
                : head + ":"
                        + LongStream.of(inProgress)
                                .mapToObj(each -> Long.toString(each - xmin, RADIX))
                                .collect(Collectors.joining("."));
    }

    /** Reads what {@link #encoded} wrote; null for anything the server would not take as a snapshot. */
    static @Nullable Snapshot decode(String text) {
        String[] parts = text.split(":", -1);
        if (parts.length < 2 || parts.length > 3) {
            return null;
        }
        try {
            long xmin = Long.parseLong(parts[0], RADIX);
            long xmax = Math.addExact(xmin, Long.parseLong(parts[1], RADIX));
            long[] inProgress = parts.length == 2
                    ? new long[0]
                    : Arrays.stream(parts[2].split("\\.", -1))
                            .mapToLong(each -> Math.addExact(xmin, Long.parseLong(each, RADIX)))
                            .toArray();
            Snapshot snapshot = new Snapshot(xmin, xmax, inProgress);
            return snapshot.isValid() ? snapshot : null;
        } catch (NumberFormatException | ArithmeticException ex) {
            return null;
        }
    }

    private boolean isValid() {
        long least = xmin;
        for (long each : inProgress) {
            if (each < least || each >= xmax) {
                return false;
            }
            least = each + 1;
        }
        return xmin > 0 && xmax >= xmin && inProgress.length <= MOST_IN_PROGRESS;
    }

    /** Whether what a transaction has committed is visible. */
    boolean sees(long transaction) {
        return transaction < xmin || (transaction < xmax && Arrays.binarySearch(inProgress, transaction) < 0);
    }

    /** The last transaction before its end. */
    long lastKnown() {
        return xmax - 1;
    }

    /** Whether it sees all that another one sees. */
    boolean covers(Snapshot other) {
        return xmax >= other.xmax && LongStream.of(inProgress).noneMatch(other::sees);
    }

    /** Whether it may not have seen what lies before the horizon, and is gone. */
    boolean isBehind(@Nullable Long horizon) {
        return horizon != null && (xmax < horizon || (inProgress.length > 0 && inProgress[0] < horizon));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Snapshot that && text().equals(that.text());
    }

    @Override
    public int hashCode() {
        return Long.hashCode(xmax);
    }

    @Override
    public String toString() {
        return text();
    }
}
