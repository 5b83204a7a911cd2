package io.pgevents.benchmark;

import io.pgevents.benchmark.contestant.Target;
import io.pgevents.benchmark.process.ConsumeCommand;
import io.pgevents.benchmark.profile.Profile;
import io.pgevents.benchmark.report.Findings;
import io.pgevents.benchmark.report.JsonReport;
import io.pgevents.benchmark.report.MarkdownReport;
import io.pgevents.benchmark.report.TextReport;
import io.pgevents.benchmark.roster.Roster;
import io.pgevents.benchmark.scenario.Bench;
import io.pgevents.benchmark.scenario.Scenario;
import io.pgevents.benchmark.scenario.Scenarios;
import io.pgevents.benchmark.server.Server;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Runs scenarios and reports what they found. Exits with 1 for a wrong command line and 2 for a doubtful result. */
public final class BenchmarkApplication {

    private BenchmarkApplication() {}

    public static void main(String[] args) throws Exception {
        if (args.length == 4 && args[0].equals(ConsumeCommand.NAME)) {
            ConsumeCommand.run(args[1], Integer.parseInt(args[2]), Integer.parseInt(args[3]));
            System.exit(0);
        }
        try {
            Options options = Options.parse(args);
            List<Scenario> scenarios = options.isAll() ? Scenarios.all() : List.of(Scenarios.named(options.scenario()));
            System.exit(run(options, scenarios, roster(options)) ? 0 : 2);
        } catch (IllegalArgumentException ex) {
            System.err.println(ex.getMessage());
            System.err.println(Options.USAGE + Scenarios.names());
            System.exit(1);
        }
    }

    private static Roster roster(Options options) {
        Set<String> contestants = options.contestants();
        return contestants == null ? Roster.all() : Roster.all().only(contestants);
    }

    private static boolean run(Options options, List<Scenario> scenarios, Roster roster) throws Exception {
        TextReport text = new TextReport(System.out);
        List<Findings> all = new ArrayList<>();
        Target target = options.target();
        try (Server server = target == null ? Server.embedded() : Server.at(target)) {
            Map<String, String> conditions = conditions(server);
            conditions.putAll(options.conditions());
            text.conditions(conditions);
            Bench bench = new Bench(server, options.effort(), roster, System.err);
            for (Scenario scenario : scenarios) {
                all.add(measure(scenario, bench, options, text));
                write(options, all);
            }
        }
        text.figures(all);
        return all.stream().allMatch(findings -> findings.problems().isEmpty());
    }

    private static Map<String, String> conditions(Server server) throws Exception {
        Map<String, String> conditions = Machine.describe();
        conditions.putAll(server.settings());
        return conditions;
    }

    private static Findings measure(Scenario scenario, Bench bench, Options options, TextReport text) throws Exception {
        Map<String, String> conditions = conditions(bench.server());
        conditions.putAll(options.conditions());
        Findings findings = new Findings(scenario.name(), scenario.question(), conditions);
        findings.requireRounds(bench.effort().pick(1, 3));
        for (String setting : List.of("fsync", "synchronous_commit")) {
            if ("off".equals(conditions.get(setting))) {
                findings.problem(setting + " is off: the server does not wait for the disk");
            }
        }
        System.err.println(scenario.name());
        long begun = System.nanoTime();
        try {
            run(scenario, bench, findings, options.profile());
        } catch (InterruptedException ex) {
            throw ex;
        } catch (Exception ex) {
            ex.printStackTrace();
            findings.problem("The scenario did not come to its end: " + ex);
        }
        findings.condition("took", Math.round((System.nanoTime() - begun) / 1e9) + " s");
        text.findings(findings);
        return findings;
    }

    private static void run(Scenario scenario, Bench bench, Findings findings, @Nullable Path directory)
            throws Exception {
        Profile profile = directory == null ? null : new Profile(bench.server(), directory, scenario.name());
        try (profile) {
            scenario.run(bench, findings);
        }
    }

    private static void write(Options options, List<Findings> all) throws Exception {
        new JsonReport(options.json()).write(all);
        Path out = options.out();
        if (out != null) {
            JsonReport kept = new JsonReport(out.resolve("performance.json"));
            List<Findings> merged = Scenarios.merge(kept.read(), all);
            kept.write(merged);
            new MarkdownReport(out, Scenarios.figures()).write(merged);
        }
    }
}
