package io.pgevents.benchmark;

import io.pgevents.benchmark.contestant.Target;
import io.pgevents.benchmark.measure.Effort;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The command line.
 *
 * @param scenario its name, or {@code all}
 * @param values the options that were given, without their dashes
 */
record Options(String scenario, Map<String, String> values) {

    static final String USAGE = """
            usage: java -jar pg-events-benchmark.jar SCENARIO [options]
              --quick             under a minute for each scenario, to see that it works
              --url URL           a running server instead of an embedded one, with --user and --password
              --contestants a,b   only these, in publish, drain and latency
              --workers N         events handled at the same time by each contestant (8); publish, footprint, scale and
                                  broadcast have numbers of their own
              --soak TIME         how long each of the two runs of footprint takes, for example 30m
              --profile DIR       where the evidence of what limits is written: flight recorder, wait events, statements
              --json FILE         where the JSON goes (target/benchmark-SCENARIO.json)
              --out DIR           where performance.md, performance.json and the plots are, in which what was measured
                                  replaces earlier results of the same scenarios (docs for "all")
            scenarios:\s""";

    private static final Set<String> WITH_VALUE =
            Set.of("url", "user", "password", "contestants", "workers", "soak", "profile", "json", "out");

    static Options parse(String[] args) {
        if (args.length == 0 || args[0].startsWith("-")) {
            throw new IllegalArgumentException("Say which scenario.");
        }
        Map<String, String> values = new HashMap<>();
        for (int at = 1; at < args.length; at++) {
            String name = args[at].startsWith("--") ? args[at].substring(2) : "";
            if (name.equals("quick")) {
                values.put(name, "");
            } else if (WITH_VALUE.contains(name) && at + 1 < args.length && !args[at + 1].startsWith("--")) {
                values.put(name, args[++at]);
            } else {
                throw new IllegalArgumentException("Unknown, or without a value: " + args[at]);
            }
        }
        if (!values.containsKey("url") && (values.containsKey("user") || values.containsKey("password"))) {
            throw new IllegalArgumentException("--user and --password belong to a server: say --url URL.");
        }
        Options options = new Options(args[0], Map.copyOf(values));
        options.effort();
        if (options.isAll() && values.containsKey("quick") && !values.containsKey("out")) {
            throw new IllegalArgumentException("A quick run of all would replace what is in docs: say --out DIR.");
        }
        return options;
    }

    boolean isAll() {
        return scenario.equals("all");
    }

    Effort effort() {
        String soak = values.get("soak");
        int workers = workers(values.getOrDefault("workers", "8"));
        return new Effort(values.containsKey("quick"), soak == null ? null : soak(soak), workers);
    }

    private static int workers(String text) {
        if (!text.matches("[1-9][0-9]{0,2}")) {
            throw new IllegalArgumentException("--workers is a number from 1 to 999, not " + text);
        }
        return Integer.parseInt(text);
    }

    private static Duration soak(String text) {
        if (!text.matches("[1-9][0-9]{0,4}[smh]")) {
            throw new IllegalArgumentException("--soak is a time like 90s, 30m or 2h, not " + text);
        }
        return Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
    }

    @Nullable
    Target target() {
        String url = values.get("url");
        return url == null
                ? null
                : new Target(url, values.getOrDefault("user", "postgres"), values.getOrDefault("password", "postgres"));
    }

    @Nullable
    Set<String> contestants() {
        String names = values.get("contestants");
        return names == null ? null : Set.of(names.split(","));
    }

    /** What a result has to be read with, because it was chosen. */
    Map<String, String> conditions() {
        Map<String, String> conditions = new LinkedHashMap<>();
        conditions.put("effort", effort().quick() ? "quick: to see that it works, not to quote" : "full");
        conditions.put("workers", String.valueOf(effort().workers()));
        if (values.containsKey("contestants")) {
            conditions.put("contestants", "only " + values.get("contestants"));
        }
        if (values.containsKey("soak")) {
            conditions.put("soak", values.get("soak"));
        }
        if (values.containsKey("profile")) {
            conditions.put("profile", "taken meanwhile: not to quote");
        }
        return conditions;
    }

    @Nullable
    Path profile() {
        String directory = values.get("profile");
        return directory == null ? null : Path.of(directory);
    }

    Path json() {
        return Path.of(values.getOrDefault("json", "target/benchmark-" + scenario + ".json"));
    }

    @Nullable
    Path out() {
        String directory = isAll() ? values.getOrDefault("out", "docs") : values.get("out");
        return directory == null ? null : Path.of(directory);
    }
}
