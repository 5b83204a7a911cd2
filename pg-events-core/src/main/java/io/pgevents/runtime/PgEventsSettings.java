package io.pgevents.runtime;

import io.pgevents.dispatch.Dispatcher;
import io.pgevents.maintenance.Retention;
import java.time.Duration;

/**
 * How one instance of the bus runs. Immutable.
 *
 * @param nodeName what operators call this instance
 * @param listen whether consumers are woken by NOTIFY; without it everything works at the poll interval
 * @param pollInterval how often idle subscriptions are looked after: the bound of every delivery when all else fails
 * @param maxTransactions the handling transactions of this instance at the same time, over all subscriptions
 * @param drainTimeout how long a stop waits for running handlers before it interrupts them
 * @param retention how long finished events are kept
 */
public record PgEventsSettings(
        String nodeName,
        boolean listen,
        Duration pollInterval,
        int maxTransactions,
        Duration drainTimeout,
        Retention retention) {

    /** Wake-up on, a poll every 2 s, 5 transactions, 25 s for running handlers. */
    public static final PgEventsSettings DEFAULT = new PgEventsSettings(
            "pg-events", true, Duration.ofSeconds(2), 5, Duration.ofSeconds(25), Retention.DEFAULT);

    public PgEventsSettings {
        if (pollInterval.toMillis() < 10 || pollInterval.compareTo(Duration.ofMinutes(1)) > 0) {
            throw new IllegalArgumentException("The poll interval must be 10 ms to 1 min: " + pollInterval);
        }
        if (maxTransactions < 1) {
            throw new IllegalArgumentException("There must be at least 1 transaction: " + maxTransactions);
        }
        if (drainTimeout.isNegative()) {
            throw new IllegalArgumentException("The drain timeout must not be negative: " + drainTimeout);
        }
    }

    Dispatcher.Settings dispatch() {
        return new Dispatcher.Settings(nodeName, listen, pollInterval, maxTransactions, retention.keepsDone());
    }
}
