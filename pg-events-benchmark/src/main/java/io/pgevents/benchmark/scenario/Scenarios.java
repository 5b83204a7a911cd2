package io.pgevents.benchmark.scenario;

import java.util.List;
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

    /** The names, for messages. */
    public static String names() {
        return ALL.stream().map(Scenario::name).collect(Collectors.joining(", ")) + ", all";
    }
}
