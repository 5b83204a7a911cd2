package io.pgevents.benchmark.measure;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Runs trials side by side: all of them once to warm up, which is not counted, then round by round, so that whatever
 * else the machine does meets all of them. No round begins that would probably end after the deadline, and no optional trial after it.
 */
public final class Rounds {

    private final PrintStream progress;
    private final long deadline;
    private final Map<String, Trial> trials = new LinkedHashMap<>();
    private final Set<String> cold = new HashSet<>();
    private final Set<String> optional = new HashSet<>();
    private final Map<String, List<Double>> values = new LinkedHashMap<>();
    private final Map<String, String> failures = new LinkedHashMap<>();

    public Rounds(Duration budget, PrintStream progress) {
        this.progress = progress;
        this.deadline = System.nanoTime() + budget.toNanos();
    }

    /** Measures once. */
    @FunctionalInterface
    public interface Trial {

        /**
         * Measures once.
         *
         * @param warmUp whether the result will not be counted, so that less will do
         */
        double run(boolean warmUp) throws Exception;
    }

    /** Adds what is measured. */
    public Rounds add(String name, Trial trial) {
        trials.put(name, trial);
        return this;
    }

    /** Adds what is measured without a round to warm up, because a quick run has no time for it. */
    public Rounds addCold(String name, Trial trial) {
        cold.add(name);
        return add(name, trial);
    }

    /** What was added under this name is left out when there is no time for it. */
    public void optional(String name) {
        optional.add(name);
    }

    /** Runs a warm-up and at most this many rounds, at least one. A trial that fails is out. */
    public Rounds run(int most) throws InterruptedException {
        round("warm-up", true);
        long longest = 0;
        for (int round = 1; round <= most; round++) {
            long begun = System.nanoTime();
            if (round > 1 && begun + longest > deadline) {
                progress.println("  no time for more than " + (round - 1) + " rounds");
                break;
            }
            round("round " + round, false);
            longest = Math.max(longest, System.nanoTime() - begun);
        }
        return this;
    }

    private void round(String title, boolean warmUp) throws InterruptedException {
        for (Map.Entry<String, Trial> entry : List.copyOf(trials.entrySet())) {
            String name = entry.getKey();
            if (warmUp && cold.contains(name)) {
                continue;
            }
            if (optional.contains(name) && System.nanoTime() - deadline > 0) {
                progress.println("  " + title + ": no time for " + name);
                continue;
            }
            try {
                double value = entry.getValue().run(warmUp);
                if (!warmUp) {
                    values.computeIfAbsent(name, key -> new ArrayList<>()).add(value);
                }
                progress.printf(Locale.ROOT, "  %s: %s %,.1f%n", title, name, value);
            } catch (InterruptedException ex) {
                throw ex;
            } catch (Exception ex) {
                progress.println("  " + title + ": " + name + " failed: " + ex);
                failures.put(name, String.valueOf(ex));
                trials.remove(name);
                values.remove(name);
            }
        }
    }

    /** What was measured, by name, in the order of the trials; who has failed is not in it. */
    public Map<String, Samples> samples() {
        Map<String, Samples> samples = new LinkedHashMap<>();
        values.forEach((name, list) -> samples.put(name, new Samples(list)));
        return samples;
    }

    /** Who has failed, and how. */
    public Map<String, String> failures() {
        return failures;
    }
}
