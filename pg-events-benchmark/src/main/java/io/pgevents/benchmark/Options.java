package io.pgevents.benchmark;

import io.pgevents.benchmark.contestant.Target;
import io.pgevents.benchmark.measure.Effort;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
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
              --contestants a,b   only these
              --workers N         events handled at the same time by each contestant (8)
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
            } else if (WITH_VALUE.contains(name) && at + 1 < args.length) {
                values.put(name, args[++at]);
            } else {
                throw new IllegalArgumentException("Unknown, or without a value: " + args[at]);
            }
        }
        Options options = new Options(args[0], Map.copyOf(values));
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
        int workers = Integer.parseInt(values.getOrDefault("workers", "8"));
        return new Effort(values.containsKey("quick"), soak == null ? null : duration(soak), workers);
    }

    private static Duration duration(String text) {
        try {
            return Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
        } catch (DateTimeParseException ex) {
            throw new IllegalArgumentException("Not a time like 30m: " + text, ex);
        }
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
