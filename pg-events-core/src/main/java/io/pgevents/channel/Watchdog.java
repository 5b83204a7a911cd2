package io.pgevents.channel;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cuts the listening connection off when the hub's thread does not move any more: a read that has begun in the middle of
 * a message has no timeout, so another thread has to look. Thread-safe.
 */
final class Watchdog {

    private static final Logger log = LoggerFactory.getLogger(Watchdog.class);

    private final Connection connection;
    private final Duration patience;
    private volatile long movedAt = System.nanoTime();

    Watchdog(Connection connection, Duration patience) {
        this.connection = connection;
        this.patience = patience;
    }

    /** The hub's thread is not stuck. */
    void moved() {
        movedAt = System.nanoTime();
    }

    /** Looks once, after a while, on a thread of the JVM. */
    void lookIn(Duration pause) {
        CompletableFuture.delayedExecutor(pause.toMillis(), TimeUnit.MILLISECONDS)
                .execute(this::look);
    }

    private void look() {
        if (System.nanoTime() - movedAt <= patience.toNanos()) {
            return;
        }
        try {
            if (!connection.isClosed()) {
                log.warn("The listening connection is stuck in a read and is cut off");
                connection.abort(Runnable::run);
            }
        } catch (SQLException ex) {
            log.debug("The listening connection cannot be cut off", ex);
        }
    }
}
