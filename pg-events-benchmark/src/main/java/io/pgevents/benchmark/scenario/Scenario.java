package io.pgevents.benchmark.scenario;

import io.pgevents.benchmark.report.Findings;
import java.util.List;

/** One question that is answered by measuring. Ends within the budget of the effort and leaves no database behind. */
public interface Scenario {

    /** Its name on the command line. */
    String name();

    /** What it asks, in one sentence. */
    String question();

    /** The names of the figures it finds in a full run in which everybody takes part. */
    List<String> figures();

    /** Measures. */
    void run(Bench bench, Findings findings) throws Exception;
}
