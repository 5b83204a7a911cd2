package io.pgevents.benchmark.measure;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Runs trials side by side: all of them once to warm up, which is not counted, then round by round, so that whatever
 * else the machine does meets all of them. No round begins that would probably end after the deadline, and no optional
 * trial after it. Trials that are limited to some rounds come after the others in each, and give way to them.
 */
public final class Rounds {

    private static final int WARM_UP = 0;

    private final PrintStream progress;
    private final LongSupplier clock;
    private final long deadline;
    private final Map<String, Trial> trials = new LinkedHashMap<>();
    private final Set<String> cold = new HashSet<>();
    private final Set<String> optional = new HashSet<>();
    private final Map<String, Integer> limits = new HashMap<>();
    private final Map<String, Long> longest = new HashMap<>();
    private final Map<String, List<Double>> values = new LinkedHashMap<>();
    private final Map<String, String> failures = new LinkedHashMap<>();

    public Rounds(Duration budget, PrintStream progress) {
        this(budget, progress, System::nanoTime);
    }

    Rounds(Duration budget, PrintStream progress, LongSupplier clock) {
        this.progress = progress;
        this.clock = clock;
        this.deadline = clock.getAsLong() + budget.toNanos();
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

    /** Adds what is measured without a round to warm up. */
    public Rounds addCold(String name, Trial trial) {
        cold.add(name);
        return add(name, trial);
    }

    /** What was added under this name is left out when there is no time for it. */
    public void optional(String name) {
        optional.add(name);
    }

    /**
     * What was added under this name is measured in the first rounds only, and after the first one only if that leaves
     * the time for all rounds of those that are not limited.
     */
    public void limit(String name, int rounds) {
        limits.put(name, rounds);
    }

    /** Runs a warm-up and at most this many rounds, at least one. A trial that fails is out. */
    public Rounds run(int most) throws InterruptedException {
        for (int round = WARM_UP; round <= most; round++) {
            if (round > 1 && isTooLate(unlimited())) {
                progress.println("  no time for round " + round);
                break;
            }
            round(round, most);
        }
        return this;
    }

    private void round(int round, int most) throws InterruptedException {
        List<Map.Entry<String, Trial>> turns = new ArrayList<>(List.copyOf(trials.entrySet()));
        turns.sort(Comparator.comparing(turn -> limits.containsKey(turn.getKey())));
        for (Map.Entry<String, Trial> turn : turns) {
            if (takesPart(turn.getKey(), round, most)) {
                measure(turn.getKey(), turn.getValue(), round);
            }
        }
    }

    private boolean takesPart(String name, int round, int most) {
        if (round == WARM_UP ? cold.contains(name) : round > limits.getOrDefault(name, most)) {
            return false;
        }
        boolean givesWay = round > 1
                && limits.containsKey(name)
                && isTooLate(longest.getOrDefault(name, 0L) + (most - round) * unlimited());
        if (givesWay || (optional.contains(name) && isTooLate(0))) {
            progress.println("  " + title(round) + ": no time for " + name);
            return false;
        }
        return true;
    }

    /** How long a round of those takes that are in all rounds. */
    private long unlimited() {
        return trials.keySet().stream()
                .filter(name -> !limits.containsKey(name))
                .mapToLong(name -> longest.getOrDefault(name, 0L))
                .sum();
    }

    private boolean isTooLate(long nanos) {
        return clock.getAsLong() + nanos - deadline > 0;
    }

    private static String title(int round) {
        return round == WARM_UP ? "warm-up" : "round " + round;
    }

    private void measure(String name, Trial trial, int round) throws InterruptedException {
        long begun = clock.getAsLong();
        try {
            double value = trial.run(round == WARM_UP);
            if (round != WARM_UP) {
                values.computeIfAbsent(name, key -> new ArrayList<>()).add(value);
                longest.merge(name, clock.getAsLong() - begun, Math::max);
            }
            progress.printf(Locale.ROOT, "  %s: %s %,.1f%n", title(round), name, value);
        } catch (InterruptedException ex) {
            throw ex;
        } catch (Exception ex) {
            progress.println("  " + title(round) + ": " + name + " failed: " + ex);
            failures.put(name, String.valueOf(ex));
            trials.remove(name);
            values.remove(name);
        }
    }

    /** What was measured, by name, in the order of the trials; who has failed is not in it. */
    public Map<String, Samples> samples() {
        Map<String, Samples> samples = new LinkedHashMap<>();
        for (String name : trials.keySet()) {
            List<Double> measured = values.get(name);
            if (measured != null) {
                samples.put(name, new Samples(measured));
            }
        }
        return samples;
    }

    /** Who has failed, and how. */
    public Map<String, String> failures() {
        return failures;
    }
}
