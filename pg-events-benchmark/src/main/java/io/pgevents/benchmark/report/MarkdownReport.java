package io.pgevents.benchmark.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Writes {@code performance.md} and its plots, complete and new each time. Only what {@code performance/limits.md} says
 * about figures that are not reached is written by hand; it is taken over into the page.
 */
public final class MarkdownReport {

    private static final String INTRODUCTION = """
            # Performance

            Measured and written by [pg-events-benchmark](../pg-events-benchmark/README.md), scenario by scenario. Everything ran
            on one machine; what is compared was measured in turns against one server. A value is the median of its rounds,
            where there were several; their number is in the tables. Ratios are pg-events divided by the reference. Read
            ratios; absolute numbers are those of this machine. The value of every round is in
            [performance.json](performance.json).

            """;

    private final Path directory;
    private final List<String> expected;

    /**
     * Writes into a directory.
     *
     * @param expected the names of all figures there should be
     */
    public MarkdownReport(Path directory, List<String> expected) {
        this.directory = directory;
        this.expected = expected;
    }

    /** Writes the page and the plots. */
    public void write(List<Findings> all) throws IOException {
        Path plots = Files.createDirectories(directory.resolve("performance"));
        List<Figure> figures =
                all.stream().flatMap(findings -> findings.figures().stream()).toList();
        StringBuilder page = new StringBuilder(INTRODUCTION);
        Limits limits = Limits.read(plots.resolve("limits.md"));
        doubts(page, all, figures, limits);
        page.append("## Figures\n\n").append(Tables.of(figures).markdown());
        limits(page, figures, limits);
        Map<String, String> common = common(all);
        page.append("\n## Conditions\n\n| | |\n|---|---|\n");
        common.forEach((name, value) ->
                page.append("| ").append(name).append(" | ").append(value).append(" |\n"));
        contestants(page, all);
        for (Findings findings : all) {
            add(page, findings, common);
        }
        Files.writeString(directory.resolve("performance.md"), page);
    }

    private void doubts(StringBuilder page, List<Findings> all, List<Figure> figures, Limits limits) {
        List<String> doubts = new ArrayList<>();
        List<String> measured = figures.stream().map(Figure::name).toList();
        List<String> missing = new ArrayList<>(expected);
        missing.removeAll(measured);
        if (!missing.isEmpty()) {
            doubts.add("**Not measured:** " + String.join(", ", missing));
        }
        limits.names().stream()
                .filter(name -> !expected.contains(name) && !measured.contains(name))
                .sorted()
                .forEach(name -> doubts.add("**Problem** in limits.md: there is no figure " + name));
        all.forEach(findings -> findings.problems()
                .forEach(problem -> doubts.add("**Problem** in " + findings.scenario() + ": " + problem)));
        doubts.forEach(doubt -> page.append("- ").append(doubt).append("\n"));
        page.append(doubts.isEmpty() ? "" : "\n");
    }

    private static void limits(StringBuilder page, List<Figure> figures, Limits limits) {
        for (Figure figure : figures) {
            if (figure.isMissed()) {
                page.append("\n### What limits ").append(figure.name()).append("\n\nIt is ");
                page.append(Numbers.readable(figure.value())).append(", and should be ");
                page.append(figure.target()).append(".\n\n").append(limits.of(figure));
                page.append("\n");
            }
        }
    }

    /** The conditions that are the same for all. */
    private static Map<String, String> common(List<Findings> all) {
        Map<String, String> common = new LinkedHashMap<>(all.get(0).conditions());
        all.forEach(
                findings -> common.entrySet().retainAll(findings.conditions().entrySet()));
        return common;
    }

    private static void contestants(StringBuilder page, List<Findings> all) {
        Map<Findings.Settings, List<String>> scenarios = new LinkedHashMap<>();
        all.forEach(findings -> findings.contestants()
                .forEach(settings -> scenarios
                        .computeIfAbsent(settings, key -> new ArrayList<>())
                        .add(findings.scenario())));
        page.append("\n## Contestants\n\n| | settings | in |\n|---|---|---|\n");
        scenarios.forEach((settings, names) -> page.append("| ")
                .append(settings.contestant())
                .append(" | ")
                .append(settings.tuning())
                .append(" | ")
                .append(String.join(", ", names))
                .append(" |\n"));
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
    }
}
