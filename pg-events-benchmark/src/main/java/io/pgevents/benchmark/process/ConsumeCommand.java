package io.pgevents.benchmark.process;

import io.pgevents.benchmark.contestant.Contestant;
import io.pgevents.benchmark.contestant.Target;
import io.pgevents.benchmark.measure.Clock;
import io.pgevents.benchmark.measure.Deliveries;
import io.pgevents.benchmark.roster.Roster;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The child's side: consumes until its input ends. For each line of it, a duration, it waits so long for all events.
 * Then it writes how many events came again, and a line with number and time for each event.
 */
public final class ConsumeCommand {

    /** The hidden command. */
    public static final String NAME = "consume";

    static final String READY = "ready ";

    private ConsumeCommand() {}

    /**
     * Runs the command.
     *
     * @param contestant who consumes, or {@link NotifyListener#NAME}
     * @param workers how many events at the same time
     * @param events the events are numbered from 0 to this, exclusively
     */
    public static void run(String contestant, int workers, int events) throws Exception {
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.US_ASCII);
        System.setOut(System.err);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        Target target = new Target(line(in), line(in), line(in));
        AtomicLongArray times = new AtomicLongArray(events);
        Deliveries deliveries = new Deliveries(events, 1, number -> times.compareAndSet(number, 0, Clock.micros()));
        try (Contestant consumer = open(contestant, target, workers)) {
            consumer.consume(deliveries);
            out.println(READY + consumer.tuning());
            out.flush();
            // Until the parent closes it, or dies.
            for (String atMost; (atMost = in.readLine()) != null; ) {
                out.println(deliveries.awaitAll(Duration.parse(atMost)));
                out.flush();
            }
        }
        out.println(deliveries.repeated());
        for (int number = 0; number < events; number++) {
            if (times.get(number) != 0) {
                out.println(number + " " + times.get(number));
            }
        }
        out.flush();
    }

    private static Contestant open(String name, Target target, int workers) throws Exception {
        if (name.equals(NotifyListener.NAME)) {
            return new NotifyListener(target);
        }
        Map<String, Contestant.Factory> found = Roster.all().take(name);
        return found.values().iterator().next().open(target, workers);
    }

    private static String line(BufferedReader in) throws IOException {
        String line = in.readLine();
        if (line == null) {
            throw new IOException("The parent process is gone");
        }
        return line;
    }
}
