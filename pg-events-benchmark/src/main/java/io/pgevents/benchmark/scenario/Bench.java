package io.pgevents.benchmark.scenario;

import io.pgevents.benchmark.contestant.Contestant;
import io.pgevents.benchmark.measure.Effort;
import io.pgevents.benchmark.measure.Rounds;
import io.pgevents.benchmark.report.Findings;
import io.pgevents.benchmark.roster.Roster;
import io.pgevents.benchmark.server.Server;
import java.io.PrintStream;
import java.util.Locale;

/**
 * What scenarios work with.
 *
 * @param server the measured server
 * @param effort how much is spent
 * @param roster who takes part
 * @param progress hears what is going on
 */
public record Bench(Server server, Effort effort, Roster roster, PrintStream progress) {

    Rounds rounds() {
        return new Rounds(effort.budget(), progress);
    }

    /** Adds a trial of a peer, which a quick run does not warm up, and leaves out if there is no time for it. */
    void addPeer(Rounds rounds, String name, Rounds.Trial trial) {
        if (effort.quick()) {
            rounds.addCold(name, trial);
            rounds.optional(name);
        } else {
            rounds.add(name, trial);
        }
    }

    /** Writes down with which settings somebody takes part. */
    static <C extends Contestant> C entered(Findings findings, String name, C contestant) {
        findings.contestant(name, contestant.tuning());
        return contestant;
    }

    void say(String format, Object... values) {
        progress.printf(Locale.ROOT, "  " + format + "%n", values);
    }
}
