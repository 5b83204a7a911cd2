package io.pgevents.benchmark;

import java.time.Duration;
import java.util.stream.IntStream;

/**
 * How much all processors get done at the same time, as a multiple of one alone: less than their number where two of them
 * share a core, or where the host has other work to do. A benchmark that keeps all of them busy is as slow as that.
 */
final class Processors {

    private static final Duration TIME = Duration.ofMillis(200);
    private static final int STEPS = 10_000;

    private Processors() {}

    /** Takes three fifths of a second. */
    static double together() {
        int processors = Runtime.getRuntime().availableProcessors();
        work();
        double one = work();
        return IntStream.range(0, processors)
                        .parallel()
                        .mapToDouble(each -> work())
                        .sum()
                / one;
    }

    /** So many steps in the time. */
    private static double work() {
        long deadline = System.nanoTime() + TIME.toNanos();
        long random = deadline | 1;
        long rounds = 0;
        // It never becomes zero; that it is asked for keeps the compiler from leaving the work out.
        while (System.nanoTime() < deadline || random == 0) {
            for (int step = 0; step < STEPS; step++) {
                random ^= random << 13;
                random ^= random >>> 7;
                random ^= random << 17;
            }
            rounds++;
        }
        return rounds;
    }
}
