package io.pgevents.benchmark.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Writes {@code performance.md} and its plots, complete and new each time. */
public final class MarkdownReport {

    private static final String INTRODUCTION = """
            # Performance

            Measured by `java -jar pg-events-benchmark/target/pg-events-benchmark.jar all`, which wrote this page. Everything ran
            on one machine and against one server; what is compared was measured in turns, and each value is the median of its
            rounds. Ratios are pg-events divided by the reference. Read ratios; absolute numbers are those of this machine.
            [How it is measured](../pg-events-benchmark/README.md).

            """;

    private final Path directory;

    public MarkdownReport(Path directory) {
        this.directory = directory;
    }

    /** Writes the page and the plots. */
    public void write(Map<String, String> conditions, List<Findings> all) throws IOException {
        Files.createDirectories(directory.resolve("performance"));
        StringBuilder page = new StringBuilder(INTRODUCTION);
        page.append("## Figures\n\n")
                .append(Tables.of(all.stream()
                                .flatMap(findings -> findings.figures().stream())
                                .toList())
                        .markdown())
                .append("\n## Conditions\n\n| | |\n|---|---|\n");
        conditions.forEach((name, value) ->
                page.append("| ").append(name).append(" | ").append(value).append(" |\n"));
        for (Findings findings : all) {
            add(page, findings);
        }
        Files.writeString(directory.resolve("performance.md"), page);
    }

    private void add(StringBuilder page, Findings findings) throws IOException {
        page.append("\n## ").append(findings.scenario()).append("\n\n");
        page.append(findings.question()).append("\n");
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
