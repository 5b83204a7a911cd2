package io.pgevents.benchmark.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgevents.benchmark.measure.Samples;
import io.pgevents.benchmark.scenario.Scenarios;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
        new MarkdownReport(directory).write(all);
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
