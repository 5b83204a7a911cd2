package io.pgevents.benchmark.scenario;

import io.pgevents.benchmark.report.Findings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** All scenarios, in the order of the report. */
public final class Scenarios {

    private static final List<Scenario> ALL = List.of(
            new PublishScenario(),
            new DrainScenario(),
            new LatencyScenario(),
            new PinnedScenario(),
            new BacklogScenario(),
            new FanoutScenario(),
            new IdleScenario(),
            new FootprintScenario(),
            new KeysScenario(),
            new ScaleScenario(),
            new BroadcastScenario());

    private Scenarios() {}

    /** All of them. */
    public static List<Scenario> all() {
        return ALL;
    }

    /**
     * The scenario of a name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Scenario named(String name) {
        return ALL.stream()
                .filter(scenario -> scenario.name().equals(name))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("There is no scenario " + name + ". There are: " + names()));
    }

    /** Earlier findings and newer ones, which replace those of the same scenario, in the order of the report. */
    public static List<Findings> merge(List<Findings> earlier, List<Findings> newer) {
        Map<String, Findings> byScenario = new HashMap<>();
        earlier.forEach(findings -> byScenario.put(findings.scenario(), findings));
        newer.forEach(findings -> byScenario.put(findings.scenario(), findings));
        return ALL.stream()
                .map(scenario -> byScenario.get(scenario.name()))
                .filter(Objects::nonNull)
                .toList();
    }

    /** The names of all figures, in the order of the report. */
    public static List<String> figures() {
        return ALL.stream().flatMap(scenario -> scenario.figures().stream()).toList();
    }

    /** The names, for messages. */
    public static String names() {
        return ALL.stream().map(Scenario::name).collect(Collectors.joining(", ")) + ", all";
    }
}
