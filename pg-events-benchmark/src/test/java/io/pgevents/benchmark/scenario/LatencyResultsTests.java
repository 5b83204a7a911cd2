package io.pgevents.benchmark.scenario;

import static io.pgevents.benchmark.scenario.LatencyResults.IDLE;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgevents.benchmark.measure.Percentiles;
import io.pgevents.benchmark.process.RemoteLatency.Measured;
import io.pgevents.benchmark.process.RemoteLatency.Phase;
import io.pgevents.benchmark.process.RemoteLatency.Result;
import io.pgevents.benchmark.report.Findings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LatencyResultsTests {

    private static final long MILLISECOND = 1_000;

    private final LatencyResults results = new LatencyResults();
    private final Findings findings = new Findings("latency", "How long?", Map.of());

    private static Result result(double wanted, double reached, int missing, long lastMillis) {
        return new Result(
                new Phase(wanted, Duration.ofSeconds(1)),
                new Percentiles(new long[] {MILLISECOND}),
                reached,
                missing,
                lastMillis * MILLISECOND);
    }

    private static Measured measured(Result... all) {
        return new Measured(List.of(all), "tuned", 0);
    }

    @Test
    void showAPeerThatKeepsUp() {
        results.addPeer("peer", measured(result(IDLE, IDLE, 0, 1), result(1_000, 990, 0, 900)));
        results.report(findings);

        assertThat(results.p50("peer", 1_000)).isNotNull();
        assertThat(findings.notes()).isEmpty();
        assertThat(findings.problems()).isEmpty();
    }

    @Test
    void leaveOutTheRateWithWhichAPeerDoesNotKeepUp() {
        results.addPeer("late", measured(result(IDLE, IDLE, 0, 1), result(1_000, 990, 0, 1_100)));
        results.addPeer("slow", measured(result(IDLE, IDLE, 0, 1), result(1_000, 900, 0, 1)));
        results.addPeer("lossy", measured(result(IDLE, IDLE, 0, 1), result(1_000, 990, 1, 1)));
        results.report(findings);

        assertThat(List.of("late", "slow", "lossy")).allSatisfy(name -> {
            assertThat(results.p50(name, 1_000)).isNull();
            assertThat(results.p50(name, IDLE)).isNotNull();
        });
        assertThat(findings.notes()).hasSize(3);
        assertThat(findings.problems()).isEmpty();
    }

    @Test
    void areDoubtfulIfARateWasNotReachedOrEventsCameTwiceOrNot() {
        results.add("ours", new Measured(List.of(result(1_000, 949, 0, 1), result(5_000, 5_000, 2, 1)), "tuned", 3));
        results.report(findings);

        assertThat(findings.problems())
                .containsExactly(
                        "ours: 3 events were received again",
                        "ours: published 949 instead of 1000 events per second",
                        "ours: 2 events were not received at 5000/s");
    }
}
