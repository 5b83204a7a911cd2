package io.pgevents.benchmark.scenario;

import io.pgevents.benchmark.measure.Samples;
import io.pgevents.benchmark.process.RemoteLatency.Measured;
import io.pgevents.benchmark.process.RemoteLatency.Result;
import io.pgevents.benchmark.report.Findings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Collects what the rounds of the latency have shown: a label is who and at which rate. Used by one thread. */
final class LatencyResults {

    /** Events per second that do not keep anybody busy. */
    static final double IDLE = 3;

    private static final double SECOND = 1_000_000;

    private final Map<String, List<Double>> p50 = new LinkedHashMap<>();
    private final Map<String, List<Double>> p99 = new LinkedHashMap<>();
    private final Map<String, List<Double>> rates = new LinkedHashMap<>();
    private final Set<String> remarks = new LinkedHashSet<>();
    private final Set<String> doubts = new LinkedHashSet<>();

    static String label(String name, double perSecond) {
        return name + ", " + (perSecond == IDLE ? "idle" : String.format(Locale.ROOT, "%,.0f/s", perSecond));
    }

    /** Adds what is doubtful if a rate is not reached. */
    void add(String name, Measured measured) {
        measured.results().forEach(result -> add(name, result));
        measured.doubts().forEach(doubt -> doubts.add(name + ": " + doubt));
    }

    /** Adds a peer, of which the last rate is left out if it does not keep up with it. */
    void addPeer(String name, Measured measured) {
        List<Result> results = measured.results();
        Result last = results.get(results.size() - 1);
        if (results.size() > 1 && !keepsUp(last, results.get(0))) {
            results = results.subList(0, results.size() - 1);
            remarks.add(String.format(
                    Locale.ROOT,
                    "%s does not keep up with %,.0f/s, so that its latency there is not shown: %,.0f were published"
                            + " per second, and the last came %.1f s after its commit, or not in time.",
                    name,
                    last.phase().perSecond(),
                    last.perSecond(),
                    last.lastMicros() / SECOND));
        }
        add(name, new Measured(results, measured.tuning(), measured.repeated()));
    }

    /** Whether it is over soon after the last commit: in a second, or in some times what one event takes when idle. */
    private static boolean keepsUp(Result last, Result idle) {
        double soon = Math.max(SECOND, 3.0 * idle.micros().at(50));
        return last.isAtRate() && last.missing() == 0 && last.lastMicros() <= soon;
    }

    private void add(String name, Result result) {
        String label = label(name, result.phase().perSecond());
        put(p50, label, result.micros().at(50) / 1000.0);
        put(p99, label, result.micros().at(99) / 1000.0);
        put(rates, label, result.perSecond());
    }

    private static void put(Map<String, List<Double>> to, String label, double value) {
        to.computeIfAbsent(label, key -> new ArrayList<>()).add(value);
    }

    /** Adds why something was not measured. */
    void remark(String remark) {
        remarks.add(remark);
    }

    @Nullable
    Samples p50(String name, double perSecond) {
        return samples(p50).get(label(name, perSecond));
    }

    @Nullable
    Samples p99(String name, double perSecond) {
        return samples(p99).get(label(name, perSecond));
    }

    void report(Findings findings) {
        findings.measured("Latency, half of the events (p50)", "ms", samples(p50));
        findings.measured("Latency, 99 % of the events (p99)", "ms", samples(p99));
        findings.measured("Rate at which was published", "events/s", samples(rates));
        remarks.forEach(findings::note);
        doubts.forEach(findings::problem);
    }

    private static Map<String, Samples> samples(Map<String, List<Double>> values) {
        Map<String, Samples> samples = new LinkedHashMap<>();
        values.forEach((label, each) -> samples.put(label, new Samples(each)));
        return samples;
    }
}
