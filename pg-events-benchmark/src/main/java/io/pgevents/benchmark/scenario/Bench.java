package io.pgevents.benchmark.scenario;

import io.pgevents.benchmark.measure.Effort;
import io.pgevents.benchmark.measure.Rounds;
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

    /** Adds a trial; those of peers have no warm-up round in a quick run. The name begins with the contestant's. */
    void add(Rounds rounds, String name, Rounds.Trial trial) {
        String contestant = name.replaceAll(",.*", "");
        if (effort.quick() && roster.peers().containsKey(contestant)) {
            rounds.addCold(name, trial);
        } else {
            rounds.add(name, trial);
        }
    }

    void say(String format, Object... values) {
        progress.printf(Locale.ROOT, "  " + format + "%n", values);
    }
}
