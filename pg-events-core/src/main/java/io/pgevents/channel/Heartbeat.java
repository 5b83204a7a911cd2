package io.pgevents.channel;

import io.pgevents.jdbc.SqlStatements;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.UUID;

/**
 * Proves on one connection that notifications come round: it sends one to a channel that nobody else knows, and the
 * connection is given up when it is not back in time. Used by the hub's thread only.
 */
final class Heartbeat {

    private static final String QUEUE_IS_FULL = "54000";

    private final Connection connection;
    private final Settings settings;
    private final QueueWatch queue;
    private final Watchdog watchdog;
    private final String statement;
    private final String channel =
            ChannelName.RESERVED + "heartbeat_" + UUID.randomUUID().toString().replace("-", "");
    private boolean expected;
    private long sentAt = System.nanoTime();

    /**
     * How often, and what is too late.
     *
     * @param interval the time between two heartbeats; the hub pays one small statement for each
     * @param bound how long one may take
     * @param fullQueue the part of the server's queue, 0 to 1, from which on it is warned of
     */
    record Settings(Duration interval, Duration bound, double fullQueue) {

        /** Every 15 s, 5 s, 10 %. */
        static final Settings DEFAULT = new Settings(Duration.ofSeconds(15), Duration.ofSeconds(5), 0.1);
    }

    Heartbeat(Connection connection, SqlStatements statements, Settings settings, QueueWatch queue) {
        this.connection = connection;
        this.settings = settings;
        this.queue = queue;
        this.watchdog = new Watchdog(connection, settings.bound().multipliedBy(3));
        this.statement = statements.get("channel/heartbeat");
    }

    void begin() throws SQLException {
        try (Statement listen = connection.createStatement()) {
            listen.execute("LISTEN " + channel);
        }
        send();
    }

    /** Whether a notification was a heartbeat, which has arrived herewith. */
    boolean isMine(String notified) {
        if (!notified.equals(channel)) {
            return false;
        }
        expected = false;
        return true;
    }

    /**
     * Sends the next heartbeat if it is time. Called after everything that has arrived was read.
     *
     * @throws SQLException also if the last one is not back in time
     */
    void step() throws SQLException {
        watchdog.moved();
        long now = System.nanoTime();
        if (expected && now - sentAt > settings.bound().toNanos()) {
            throw new SQLException("A notification to ourselves did not come back within "
                    + settings.bound().toMillis() + " ms");
        }
        if (!expected && now - sentAt > settings.interval().toNanos()) {
            send();
        }
    }

    private void send() throws SQLException {
        sentAt = System.nanoTime();
        watchdog.lookIn(settings.interval().plus(settings.bound().multipliedBy(4)));
        try (PreparedStatement send = connection.prepareStatement(statement)) {
            send.setString(1, channel);
            try (ResultSet row = send.executeQuery()) {
                row.next();
                queue.observe(row.getDouble("usage"));
            }
            expected = true;
        } catch (SQLException ex) {
            if (!QUEUE_IS_FULL.equals(ex.getSQLState())) {
                throw ex;
            }
            // The server answers, and another connection would not help.
            queue.observe(1);
        }
    }
}
