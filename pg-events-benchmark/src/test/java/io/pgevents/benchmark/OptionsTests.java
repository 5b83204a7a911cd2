package io.pgevents.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class OptionsTests {

    private static Options parse(String line) {
        return Options.parse(line.split(" "));
    }

    @Test
    void readsAScenarioAndItsOptions() {
        Options options = parse("drain --quick --contestants raw,pg-events --soak 30m");

        assertThat(options.scenario()).isEqualTo("drain");
        assertThat(options.effort().quick()).isTrue();
        assertThat(options.effort().soak()).isEqualTo(Duration.ofMinutes(30));
        assertThat(options.contestants()).containsExactlyInAnyOrder("raw", "pg-events");
    }

    @Test
    void doesNotReplaceAFullResultByAQuickOneUnasked() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parse("all --quick"))
                .withMessageContaining("--out");
        assertThat(parse("all --quick --out target").out()).hasToString("target");
        assertThat(parse("all").out()).hasToString("docs");
    }

    @Test
    void tellsWhatAResultHasToBeReadWith() {
        assertThat(parse("drain").conditions()).containsEntry("effort", "full").containsEntry("workers", "8");
        assertThat(parse("drain --quick --contestants raw --workers 4").conditions())
                .containsEntry("workers", "4")
                .containsEntry("contestants", "only raw")
                .hasEntrySatisfying("effort", effort -> assertThat(effort).startsWith("quick"));
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parse("drain --fast"))
                .withMessageContaining("--fast");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parse("drain --url"))
                .withMessageContaining("--url");
        assertThatIllegalArgumentException().isThrownBy(() -> parse("--quick"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parse("drain --url --quick"))
                .withMessageContaining("--url");
    }

    @Test
    void refusesWhatMakesNoSense() {
        for (String line :
                List.of("--workers x", "--workers 0", "--soak -5m", "--soak 0s", "--soak long", "--user me")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> parse("footprint " + line))
                    .withMessageContaining(line.substring(0, line.indexOf(' ')));
        }
    }
}
