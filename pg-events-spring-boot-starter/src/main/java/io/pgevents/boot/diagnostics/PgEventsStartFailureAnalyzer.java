package io.pgevents.boot.diagnostics;

import io.pgevents.PgEventsStartException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Shows what is wrong and what to do, instead of a stack trace. */
final class PgEventsStartFailureAnalyzer extends AbstractFailureAnalyzer<PgEventsStartException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, PgEventsStartException cause) {
        return new FailureAnalysis(cause.description(), cause.action(), cause);
    }
}
