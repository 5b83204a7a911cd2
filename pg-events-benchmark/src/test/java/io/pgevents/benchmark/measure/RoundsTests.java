package io.pgevents.benchmark.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RoundsTests {

    private final PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    private final List<String> calls = new ArrayList<>();

    private Rounds.Trial trial(String name) {
        return warmUp -> {
            calls.add(warmUp ? name + " warm" : name);
            return calls.size();
        };
    }

    @Test
    void takesTurnsAndDoesNotCountTheWarmUp() throws InterruptedException {
        Rounds rounds = new Rounds(Duration.ofMinutes(1), nowhere)
                .add("a", trial("a"))
                .add("b", trial("b"))
                .run(2);

        assertThat(calls).containsExactly("a warm", "b warm", "a", "b", "a", "b");
        assertThat(rounds.samples().get("a").values()).containsExactly(3.0, 5.0);
    }

    @Test
    void runsOneRoundEvenWithoutTime() throws InterruptedException {
        new Rounds(Duration.ZERO, nowhere).add("a", trial("a")).run(5);

        assertThat(calls).containsExactly("a warm", "a");
    }

    @Test
    void leavesOutWhoIsOptionalWhenThereIsNoTime() throws InterruptedException {
        Rounds rounds = new Rounds(Duration.ZERO, nowhere).addCold("a", trial("a"));
        rounds.optional("a");

        assertThat(rounds.run(1).samples()).isEmpty();
    }

    @Test
    void givesTheTimeToThoseThatAreNotLimited() throws InterruptedException {
        AtomicLong now = new AtomicLong();
        Rounds rounds = new Rounds(Duration.ofNanos(100), nowhere, now::get)
                .addCold("peer", warmUp -> now.addAndGet(30))
                .add("ours", warmUp -> now.addAndGet(10));
        rounds.limit("peer", 2);
        Map<String, Samples> samples = rounds.run(5).samples();

        assertThat(samples.get("ours").values()).hasSize(5);
        assertThat(samples.get("peer").values()).containsExactly(50.0);
    }

    @Test
    void measuresWhatIsLimitedInTheFirstRoundsOnly() throws InterruptedException {
        Rounds rounds = new Rounds(Duration.ofMinutes(1), nowhere)
                .addCold("peer", trial("peer"))
                .addCold("ours", trial("ours"));
        rounds.limit("peer", 2);
        rounds.run(3);

        assertThat(calls).containsExactly("ours", "peer", "ours", "peer", "ours");
    }

    @Test
    void tellsWhoHasFailedAndGoesOn() throws InterruptedException {
        Rounds rounds = new Rounds(Duration.ofMinutes(1), nowhere)
                .add("a", warmUp -> {
                    throw new IllegalStateException("no");
                })
                .add("b", trial("b"))
                .run(1);

        assertThat(rounds.failures()).containsOnlyKeys("a");
        assertThat(rounds.samples()).containsOnlyKeys("b");
    }
}
