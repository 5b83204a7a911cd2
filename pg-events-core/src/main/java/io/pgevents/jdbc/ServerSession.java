package io.pgevents.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a connection has on the server: a session of its own, if no pooler is in between, with LISTENs and locks. */
public final class ServerSession {

    private static final Logger log = LoggerFactory.getLogger(ServerSession.class);
    private static final int RELEASE_TIMEOUT_MILLIS = 2_000;

    private ServerSession() {}

    /**
     * Whether the connection goes to the server itself. A pooler that may run each transaction in another session tells
     * clients a process id that it has made up; one that only passes bytes on changes nothing.
     */
    public static boolean isOwn(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_backend_pid()")) {
            row.next();
            return row.getInt(1) == connection.unwrap(PGConnection.class).getBackendPID();
        }
    }

    /**
     * Gives up LISTENs, session locks and settings, because a pool that has lent the connection would keep them with it.
     * If that does not work, the connection is cut off, and the server gives them up. Does not throw. Not for connections
     * that are not {@linkplain #isOwn their own}: it would take the locks of others.
     *
     * @param networkTimeout in milliseconds, what the connection has afterwards
     */
    public static void release(Connection connection, int networkTimeout) {
        try {
            if (connection.isClosed()) {
                return;
            }
            connection.setNetworkTimeout(Runnable::run, RELEASE_TIMEOUT_MILLIS);
            // In a transaction that is rolled back UNLISTEN would have no effect.
            connection.setAutoCommit(true);
            try (Statement statement = connection.createStatement()) {
                statement.execute("UNLISTEN *");
                statement.execute("SELECT pg_advisory_unlock_all()");
                statement.execute(
                        "RESET tcp_keepalives_idle; RESET tcp_keepalives_interval; RESET tcp_keepalives_count;"
                                + " RESET tcp_user_timeout");
            }
            connection.setNetworkTimeout(Runnable::run, networkTimeout);
        } catch (SQLException | RuntimeException ex) {
            log.debug("A session cannot be tidied up and is cut off", ex);
            abort(connection);
        }
    }

    private static void abort(Connection connection) {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException | RuntimeException ex) {
            log.debug("The connection was broken", ex);
        }
    }
}
