package io.pgevents.benchmark.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgevents.benchmark.measure.Samples;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FiguresTests {

    private final Findings findings = new Findings("drain", "How fast?", Map.of());

    @Test
    void areOneLineEach() {
        findings.figure("footprint.wal.bytes", 1_234.56, "bytes", Goal.atMost(1_300));
        findings.figure("drain.single.vs_raw", 0.70012, "ratio", Goal.atLeast(0.7));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new TextReport(new PrintStream(out, true, StandardCharsets.UTF_8)).figures(List.of(findings));

        assertThat(out.toString(StandardCharsets.UTF_8).lines())
                .containsExactly("figure footprint.wal.bytes 1235 bytes", "figure drain.single.vs_raw 0.7 ratio");
    }

    @Test
    void compareMedians() {
        findings.ratio("x", new Samples(List.of(1.0, 3.0, 100.0)), Samples.of(2), null);

        assertThat(findings.figures()).extracting(Figure::value).containsExactly(1.5);
    }

    @Test
    void areDoubtfulIfTheyRestOnTooFewRounds() {
        findings.requireRounds(3);
        findings.ratio("x", new Samples(List.of(1.0, 2.0, 3.0)), new Samples(List.of(1.0, 2.0)), null);
        findings.figure("y", new Samples(List.of(1.0, 2.0, 3.0)), "ms", null);

        assertThat(findings.problems()).containsExactly("x rests on 2 rounds instead of at least 3");
    }

    @Test
    void areLeftOutWithoutAReference() {
        findings.ratio("x", Samples.of(1), null, null);

        assertThat(findings.figures()).isEmpty();
    }

    @Test
    void sayWhetherTheTargetIsReached() {
        assertThat(new Figure("x", 0.69, "ratio", Goal.atLeast(0.7)).verdict()).isEqualTo("NO");
        assertThat(new Figure("x", 0.7, "ratio", Goal.atLeast(0.7)).verdict()).isEqualTo("yes");
        assertThat(new Figure("x", 2.1, "ratio", Goal.atMost(2)).verdict()).isEqualTo("NO");
        assertThat(new Figure("x", 2.1, "ratio", null).verdict()).isEqualTo("-");
    }
}
