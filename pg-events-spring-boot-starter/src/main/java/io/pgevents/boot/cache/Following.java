package io.pgevents.boot.cache;

import java.sql.Connection;

/**
 * Whether the caches of this application are told of changes. They are not before the first start and after a stop, while
 * the web server may serve already, or still. Thread-safe.
 */
final class Following {

    private volatile boolean on;
    private volatile int isolation = Connection.TRANSACTION_READ_COMMITTED;

    /**
     * From now on they are told.
     *
     * @param defaultIsolation how a transaction is isolated that does not say it, as JDBC counts
     */
    void begin(int defaultIsolation) {
        isolation = defaultIsolation;
        on = true;
    }

    void end() {
        on = false;
    }

    boolean isOn() {
        return on;
    }

    int defaultIsolation() {
        return isolation;
    }
}
