package io.pgevents.benchmark.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgevents.benchmark.measure.Samples;
import io.pgevents.benchmark.roster.Roster;
import io.pgevents.benchmark.scenario.Scenarios;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PerformancePageTests {

    @TempDir
    private Path directory;

    private static Findings findings(String scenario, double value, String load) {
        Findings findings = new Findings(scenario, "How fast?", Map.of("processors", "2", "load before", load));
        findings.measured("Drain", "events/s", Map.of("ours", new Samples(List.of(value, 3.0, 4.0))));
        findings.figure(scenario + ".vs_raw", value, "ratio", Goal.atLeast(0.7));
        findings.figure(scenario + ".plain", value, "ms", null);
        findings.note("A note.");
        findings.problem("A problem.");
        return findings;
    }

    private String page(List<Findings> all) throws IOException {
        new MarkdownReport(directory, List.of("publish.vs_raw", "scale.vs_one")).write(all);
        return Files.readString(directory.resolve("performance.md"));
    }

    @Test
    void isTheSameFromResultsThatWereKept() throws Exception {
        List<Findings> all = List.of(findings("publish", 0.5, "0.1"), findings("drain", 0.8, "0.2"));
        String page = page(all);
        JsonReport kept = new JsonReport(directory.resolve("performance.json"));
        kept.write(all);

        assertThat(page(kept.read())).isEqualTo(page);
    }

    @Test
    void saysOnceWhatHoldsForAll() throws Exception {
        assertThat(page(List.of(findings("publish", 0.5, "0.1"), findings("drain", 0.8, "0.2"))))
                .containsOnlyOnce("| processors | 2 |")
                .contains("load before: 0.1\n", "load before: 0.2\n");
    }

    private void explain(String text) throws IOException {
        Path file = directory.resolve("performance").resolve("limits.md");
        Files.createDirectories(file.resolveSibling("."));
        Files.writeString(file, text);
    }

    @Test
    void takesOverWhatLimitsAMissedFigure() throws Exception {
        explain("""
                # Limits

                ## drain.vs_raw

                The disk.

                And the memory.

                ## other

                Nothing.
                """);

        assertThat(page(List.of(findings("drain", 0.5, "0.1"))))
                .contains("""
                        ### What limits drain.vs_raw

                        It is 0.5, and should be >= 0.7.

                        The disk.

                        And the memory.
                        """)
                .doesNotContain("Not explained yet", "Nothing.", "# Limits");
    }

    @Test
    void saysThatAMissedFigureIsNotExplained() throws Exception {
        explain("## other\n\nNothing.\n");

        assertThat(page(List.of(findings("drain", 0.5, "0.1"))))
                .contains("### What limits drain.vs_raw\n", "**Not explained yet.**");
    }

    @Test
    void doesNotExplainWhatIsReached() throws Exception {
        explain("## drain.vs_raw\n\nThe disk.\n");

        assertThat(page(List.of(findings("drain", 0.8, "0.1")))).doesNotContain("What limits", "The disk.");
    }

    @Test
    void keepsWhatWasWrittenByHandWhenItIsWrittenAgain() throws Exception {
        explain("## drain.vs_raw\n\nThe disk.\n");
        String page = page(List.of(findings("drain", 0.5, "0.1")));

        assertThat(page(List.of(findings("drain", 0.5, "0.1")))).isEqualTo(page).contains("The disk.");
    }

    @Test
    void tellsTheSettingsOfEveryContestantOnce() throws Exception {
        Findings publish = findings("publish", 0.5, "0.1");
        Findings drain = findings("drain", 0.5, "0.1");
        Set<String> everybody = Roster.all().everybody().keySet();
        everybody.forEach(name -> publish.contestant(name, "tuned as " + name));
        everybody.forEach(name -> drain.contestant(name, "tuned as " + name));
        JsonReport kept = new JsonReport(directory.resolve("performance.json"));
        kept.write(List.of(publish, drain));
        String page = page(kept.read());

        assertThat(everybody)
                .isNotEmpty()
                .allSatisfy(name -> assertThat(page)
                        .containsOnlyOnce("| " + name + " | tuned as " + name + " | publish, drain |\n"));
    }

    @Test
    void tellsOfAnExplanationThatBelongsToNoFigure() throws Exception {
        explain("## drain.vs_rew\n\nThe disk.\n");

        assertThat(page(List.of(findings("drain", 0.5, "0.1")))).contains("there is no figure drain.vs_rew");
    }

    @Test
    void beginsWithWhatIsMissingOrDoubtful() throws Exception {
        String page = page(List.of(findings("publish", 0.5, "0.1")));

        assertThat(page.substring(0, page.indexOf("## Figures")))
                .contains("**Not measured:** scale.vs_one\n", "**Problem** in publish: A problem.\n");
    }

    @Test
    void showsShortTimesBesideLongOnes() {
        Group group = new Group("Latency", "ms", Map.of("pg-events", Samples.of(1), "other", Samples.of(1000)));

        assertThat(new BarChart(group).svg()).contains("logarithmic", "width=\"420.0\"");
        assertThat(new BarChart(new Group("Rate", "events/s", group.measurements())).svg())
                .doesNotContain("logarithmic");
    }

    @Test
    void startsEmpty() throws Exception {
        assertThat(new JsonReport(directory.resolve("performance.json")).read()).isEmpty();
    }

    @Test
    void replacesAScenarioAndKeepsTheOthersInTheirOrder() {
        List<Findings> merged = Scenarios.merge(
                List.of(findings("publish", 1, ""), findings("gone", 1, ""), findings("drain", 2, "")),
                List.of(findings("drain", 3, ""), findings("scale", 4, "")));

        assertThat(merged)
                .extracting(findings -> findings.figures().get(0).value())
                .containsExactly(1.0, 3.0, 4.0);
    }
}
