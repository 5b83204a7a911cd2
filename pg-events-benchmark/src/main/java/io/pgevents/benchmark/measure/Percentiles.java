package io.pgevents.benchmark.measure;

import java.util.Arrays;

/** Percentiles of times, by the nearest rank: every one is a time that was measured. */
public final class Percentiles {

    private final long[] sorted;

    public Percentiles(long[] times) {
        if (times.length == 0) {
            throw new IllegalArgumentException("Percentiles need a time");
        }
        this.sorted = times.clone();
        Arrays.sort(sorted);
    }

    /** The time that this share of all, 0 to 100, does not exceed. */
    public long at(double percent) {
        int rank = (int) Math.ceil(percent / 100 * sorted.length);
        return sorted[Math.min(sorted.length, Math.max(1, rank)) - 1];
    }

    /** How many times there are. */
    public int count() {
        return sorted.length;
    }
}
