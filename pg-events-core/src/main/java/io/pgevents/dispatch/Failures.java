package io.pgevents.dispatch;

import io.pgevents.queue.ClaimedEvent;
import io.pgevents.queue.Settlements;
import io.pgevents.retry.RetryPolicy;
import io.pgevents.retry.RetryPolicy.RetryDecision;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Records failed attempts: another one later, or a dead letter. Thread-safe. */
final class Failures {

    private static final Logger log = LoggerFactory.getLogger("io.pgevents.failures");
    private static final int LONGEST_ERROR = 32_000;

    private final Settlements settlements;
    private final RetryPolicy policy;
    private final Consumer<Duration> retryPlanned;

    /**
     * Records failures of one subscription.
     *
     * @param retryPlanned is told after how long an event is due again
     */
    Failures(Settlements settlements, RetryPolicy policy, Consumer<Duration> retryPlanned) {
        this.settlements = settlements;
        this.policy = policy;
        this.retryPlanned = retryPlanned;
    }

    /** Records that an attempt has failed. */
    void record(ClaimedEvent event, Throwable failure) {
        int attempt = event.metadata().attempt();
        int allowed = event.metadata().maxAttempts();
        RetryDecision decision = policy.decide(attempt, allowed, failure, ThreadLocalRandom.current()::nextDouble);
        if (decision instanceof RetryDecision.RetryAfter retry) {
            if (settlements.retry(event, retry.delay(), text(failure))) {
                log.info(
                        "{} failed, attempt {} of {}; the next one is due in {} ms: {}",
                        describe(event),
                        attempt,
                        allowed,
                        retry.delay().toMillis(),
                        failure.toString());
                retryPlanned.accept(retry.delay());
            }
        } else if (settlements.fail(event, attempt, text(failure))) {
            log.warn(
                    "{} failed for good at attempt {} of {} and is a dead letter now",
                    describe(event),
                    attempt,
                    allowed,
                    failure);
        }
    }

    /**
     * Records that an event has no attempt left for this claim: the last one never ended, because it killed its process or lost
     * its connection, or fewer are allowed than before.
     */
    void recordExhausted(ClaimedEvent event) {
        int made = event.metadata().attempt() - 1;
        int allowed = event.metadata().maxAttempts();
        String error =
                "No attempt is left: " + made + " were made, and " + allowed + " are allowed. Either the last one never"
                        + " ended, because it killed its process or lost its connection, or fewer are allowed than before.";
        if (settlements.exhaust(event, made, error)) {
            log.error("{} is a dead letter now. {}", describe(event), error);
        }
    }

    static String describe(ClaimedEvent event) {
        return "Event " + event.id() + " (" + event.metadata().topic() + ") of "
                + event.metadata().subscription();
    }

    private static String text(Throwable failure) {
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace));
        String text = trace.toString().replace("\0", "\\0");
        if (text.length() <= LONGEST_ERROR) {
            return text;
        }
        // The last cause is at the end, and it is what the reader looks for.
        int half = LONGEST_ERROR / 2;
        return text.substring(0, half) + "\n…\n" + text.substring(text.length() - half);
    }
}
