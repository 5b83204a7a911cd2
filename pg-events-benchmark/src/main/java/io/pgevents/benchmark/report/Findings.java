package io.pgevents.benchmark.report;

import io.pgevents.benchmark.measure.Samples;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a scenario has found. A figure one side of which was not measured is left out. Used by one thread. */
public final class Findings {

    private final String scenario;
    private final String question;
    private final Map<String, String> conditions;
    private final Map<String, Group> groups = new LinkedHashMap<>();
    private final List<Figure> figures = new ArrayList<>();
    private final Set<Settings> contestants = new LinkedHashSet<>();
    private final List<String> notes = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private int leastRounds = 1;

    public Findings(String scenario, String question, Map<String, String> conditions) {
        this.scenario = scenario;
        this.question = question;
        this.conditions = new LinkedHashMap<>(conditions);
    }

    /**
     * With which settings somebody took part.
     *
     * @param contestant the name in the tables
     * @param tuning in one line
     */
    public record Settings(String contestant, String tuning) {}

    /** From now on a figure is doubtful that rests on fewer rounds. */
    public void requireRounds(int least) {
        leastRounds = least;
    }

    /** Adds a condition. */
    public void condition(String name, String value) {
        conditions.put(name, value);
    }

    /** Adds who took part, once for each of the settings. */
    public void contestant(String name, String tuning) {
        contestants.add(new Settings(name, tuning));
    }

    /** Adds measurements to a group. */
    public void measured(String title, String unit, Map<String, Samples> measurements) {
        groups.computeIfAbsent(title, key -> new Group(title, unit))
                .measurements()
                .putAll(measurements);
    }

    /** Adds one measurement to a group. */
    public void measured(String title, String unit, String name, double value) {
        measured(title, unit, Map.of(name, Samples.of(value)));
    }

    /** Adds a figure. */
    public void figure(String name, double value, String unit, @Nullable Goal goal) {
        figures.add(new Figure(name, value, unit, goal));
    }

    /** Adds a median as a figure. */
    public void figure(String name, Samples samples, String unit, @Nullable Goal goal) {
        figure(name, samples.median(), unit, goal);
        restsOn(name, samples.values().size());
    }

    /** Adds the ratio of two medians as a figure, if both were measured. */
    public void ratio(String name, @Nullable Samples ours, @Nullable Samples reference, @Nullable Goal goal) {
        if (ours != null && reference != null && reference.median() != 0) {
            figure(name, ours.median() / reference.median(), "ratio", goal);
            restsOn(name, Math.min(ours.values().size(), reference.values().size()));
        }
    }

    private void restsOn(String figure, int rounds) {
        if (rounds < leastRounds) {
            problem(figure + " rests on " + rounds + (rounds == 1 ? " round" : " rounds") + " instead of at least "
                    + leastRounds);
        }
    }

    /** Adds a remark for the reader. */
    public void note(String note) {
        notes.add(note);
    }

    /** Adds something that makes the result doubtful: an event that was missing or came twice, a failure. */
    public void problem(String problem) {
        problems.add(problem);
    }

    /** Adds failures of contestants. */
    public void problems(Map<String, String> failures) {
        failures.forEach((name, failure) -> problem(name + " has failed: " + failure));
    }

    /** The name of the scenario. */
    public String scenario() {
        return scenario;
    }

    /** What it asks. */
    public String question() {
        return question;
    }

    /** Where it was measured. */
    public Map<String, String> conditions() {
        return Collections.unmodifiableMap(conditions);
    }

    /** Who took part. */
    public List<Settings> contestants() {
        return List.copyOf(contestants);
    }

    /** The measurements. */
    public List<Group> groups() {
        return List.copyOf(groups.values());
    }

    /** The figures. */
    public List<Figure> figures() {
        return figures;
    }

    /** The remarks. */
    public List<String> notes() {
        return notes;
    }

    /** What makes the result doubtful. */
    public List<String> problems() {
        return problems;
    }
}
