package io.pgevents.benchmark.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes {@code performance.md} and its plots, complete and new each time. */
public final class MarkdownReport {

    private static final String INTRODUCTION = """
            # Performance

            Measured by `java -jar pg-events-benchmark/target/pg-events-benchmark.jar all`, which wrote this page. Everything ran
            on one machine; what is compared was measured in turns against one server, and each value is the median of its
            rounds. Ratios are pg-events divided by the reference. Read ratios; absolute numbers are those of this machine.
            [How it is measured](../pg-events-benchmark/README.md). The value of every round is in
            [performance.json](performance.json).

            """;

    private final Path directory;

    public MarkdownReport(Path directory) {
        this.directory = directory;
    }

    /** Writes the page and the plots. */
    public void write(List<Findings> all) throws IOException {
        Files.createDirectories(directory.resolve("performance"));
        StringBuilder page = new StringBuilder(INTRODUCTION);
        page.append("## Figures\n\n")
                .append(Tables.of(all.stream()
                                .flatMap(findings -> findings.figures().stream())
                                .toList())
                        .markdown());
        Map<String, String> common = common(all);
        page.append("\n## Conditions\n\n| | |\n|---|---|\n");
        common.forEach((name, value) ->
                page.append("| ").append(name).append(" | ").append(value).append(" |\n"));
        for (Findings findings : all) {
            add(page, findings, common);
        }
        Files.writeString(directory.resolve("performance.md"), page);
    }

    /** The conditions that are the same for all. */
    private static Map<String, String> common(List<Findings> all) {
        Map<String, String> common = new LinkedHashMap<>(all.get(0).conditions());
        all.forEach(
                findings -> common.entrySet().retainAll(findings.conditions().entrySet()));
        return common;
    }

    private void add(StringBuilder page, Findings findings, Map<String, String> common) throws IOException {
        page.append("\n## ").append(findings.scenario()).append("\n\n");
        page.append(findings.question()).append("\n\n");
        page.append(findings.conditions().entrySet().stream()
                .filter(condition -> !common.containsKey(condition.getKey()))
                .map(condition -> condition.getKey() + ": " + condition.getValue())
                .collect(Collectors.joining(", ", "", "\n")));
        int number = 1;
        for (Group group : findings.groups()) {
            String plot = "performance/" + findings.scenario() + "-" + number++ + ".svg";
            Files.writeString(directory.resolve(plot), new BarChart(group).svg());
            page.append("\n### ").append(group.title()).append(" (").append(group.unit());
            page.append(")\n\n![")
                    .append(group.title())
                    .append("](")
                    .append(plot)
                    .append(")\n\n");
            page.append(Tables.of(group).markdown());
        }
        page.append("\n").append(Tables.of(findings.figures()).markdown());
        findings.notes().forEach(note -> page.append("\n").append(note).append("\n"));
        findings.problems()
                .forEach(problem ->
                        page.append("\n**Problem:** ").append(problem).append("\n"));
    }
}
