package io.pgevents.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the first connection ahead, so that its session can be used before it is handed on: locks it takes meanwhile
 * are held without a gap. Thread-safe.
 */
public final class EarlyConnection implements DedicatedConnections {

    private static final Logger log = LoggerFactory.getLogger(EarlyConnection.class);

    private final DedicatedConnections connections;
    private @Nullable Connection early;

    public EarlyConnection(DedicatedConnections connections) {
        this.connections = connections;
    }

    /** Opens the first connection; null if that does not work now. Whoever takes it over tries again. */
    public synchronized @Nullable Connection openEarly() {
        try {
            early = connections.open();
        } catch (SQLException | RuntimeException ex) {
            log.debug("The first connection outside the pool cannot be opened yet", ex);
        }
        return early;
    }

    /** The first connection for the first call, a new one for each that follows. */
    @Override
    public synchronized Connection open() throws SQLException {
        Connection first = early;
        early = null;
        return first == null ? connections.open() : first;
    }

    /** Closes the first connection, with the locks it has taken, if nobody has taken it over. */
    public synchronized void closeEarly() {
        Connection first = early;
        early = null;
        if (first != null) {
            try (first) {
                if (ServerSession.isOwn(first)) {
                    ServerSession.release(first, first.getNetworkTimeout());
                }
            } catch (SQLException ex) {
                log.debug("The first connection outside the pool was broken", ex);
            }
        }
    }
}
