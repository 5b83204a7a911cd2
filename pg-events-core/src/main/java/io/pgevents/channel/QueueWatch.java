package io.pgevents.channel;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warns when the server's queue of notifications fills: when it is full, transactions that notify fail at their commit.
 * It is emptied only up to the slowest session that listens. Used by the hub's thread only.
 */
final class QueueWatch {

    private static final Logger log = LoggerFactory.getLogger(QueueWatch.class);
    private static final long REPEAT_NANOS = Duration.ofMinutes(10).toNanos();

    private final double threshold;
    private boolean filling;
    private double warnedOf;
    private long warnedAt;

    QueueWatch(double threshold) {
        this.threshold = threshold;
    }

    /** How much of the queue is in use, from 0 to 1. It is warned of again when that has doubled, and when it is full. */
    void observe(double usage) {
        if (usage < threshold) {
            if (filling) {
                log.info("The server's queue of notifications is no longer filling");
            }
            filling = false;
        } else if (!filling || hasGrown(usage) || System.nanoTime() - warnedAt > REPEAT_NANOS) {
            filling = true;
            warnedOf = usage;
            warnedAt = System.nanoTime();
            log.warn(
                    "The server's queue of notifications is {} % full; when it is full, commits that notify fail. A session"
                            + " that listens sits in a transaction, so that nothing can be removed. Find it and end it:"
                            + " SELECT pid, application_name, xact_start, state, query FROM pg_stat_activity"
                            + " WHERE xact_start < now() - interval '1 minute' ORDER BY xact_start",
                    Math.round(usage * 100));
        }
    }

    private boolean hasGrown(double usage) {
        return warnedOf < 1 && usage >= Math.min(1, 2 * warnedOf);
    }
}
