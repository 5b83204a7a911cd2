package io.pgevents.benchmark.scenario;

import io.pgevents.benchmark.report.Findings;

/** One question that is answered by measuring. Ends within the budget of the effort and leaves no database behind. */
public interface Scenario {

    /** Its name on the command line. */
    String name();

    /** What it asks, in one sentence. */
    String question();

    /** Measures. */
    void run(Bench bench, Findings findings) throws Exception;
}
