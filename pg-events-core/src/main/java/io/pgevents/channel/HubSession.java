package io.pgevents.channel;

import io.pgevents.channel.WakeUpHub.Requests;
import io.pgevents.channel.WakeUpHub.WakeUpListener;
import io.pgevents.jdbc.ServerSession;
import io.pgevents.jdbc.SqlStatements;
import io.pgevents.schema.EventSchema;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/** One life of the listening connection. Used by the hub's thread only. */
final class HubSession implements AutoCloseable {

    private static final int WAIT_MILLIS = 25;
    private static final int STATEMENT_TIMEOUT_MILLIS = 10_000;

    private final Connection connection;
    private final SqlStatements statements;
    private final WakeUpHub.Settings settings;
    private final WakeUpListener listener;
    private final Channels channels;
    private final ChannelSession channelSession;
    private final Heartbeat heartbeat;
    private final Set<String> parked = new HashSet<>();
    private final FollowerTries followers;
    private final List<OpenTransactions> watches = new ArrayList<>();
    private String channel = "";
    private boolean proven;
    private boolean own;
    private int networkTimeout;

    HubSession(
            Connection connection,
            SqlStatements statements,
            WakeUpHub.Settings settings,
            WakeUpListener listener,
            Channels channels,
            Heartbeat heartbeat) {
        this.connection = connection;
        this.statements = statements;
        this.settings = settings;
        this.listener = listener;
        this.channels = channels;
        this.channelSession = new ChannelSession(connection, channels);
        this.heartbeat = heartbeat;
        this.followers = new FollowerTries(settings.pollInterval());
    }

    String channel() {
        return channel;
    }

    /** Whether a notification has come on this connection. */
    boolean isProven() {
        return proven;
    }

    /**
     * Listens to everything.
     *
     * @throws PoolerException if that would be of no use; nothing is listened to and no lock taken
     */
    void begin() throws SQLException {
        requireSession();
        try (Statement statement = connection.createStatement()) {
            statement.execute(statements.get("channel/keepalive"));
            try (ResultSet row = statement.executeQuery(statements.get("event_queue/channel"))) {
                row.next();
                channel = row.getString(1);
            }
            statement.execute("LISTEN " + channel);
        }
        try (PreparedStatement hold = connection.prepareStatement(statements.get("event_node/hold"))) {
            hold.setInt(1, settings.nodeId());
            hold.execute();
        }
        try (PreparedStatement restore = connection.prepareStatement(statements.get("event_node/restore"))) {
            restore.setInt(1, settings.nodeId());
            restore.setString(2, settings.nodeName());
            restore.executeUpdate();
        }
        heartbeat.begin();
        channels.connected();
        channelSession.step();
    }

    private void requireSession() throws SQLException {
        networkTimeout = connection.getNetworkTimeout();
        connection.setAutoCommit(true);
        connection.setNetworkTimeout(Runnable::run, STATEMENT_TIMEOUT_MILLIS);
        own = ServerSession.isOwn(connection);
        if (!own) {
            connection.setNetworkTimeout(Runnable::run, networkTimeout);
            throw new PoolerException();
        }
    }

    /** Carries out requests, then waits for notifications for a moment. */
    void step(Requests requests) throws SQLException {
        open(drain(requests.unpark));
        close(requests);
        cry(drain(requests.help));
        lookAtWatches();
        channelSession.step();
        PGNotification[] notifications = connection.unwrap(PGConnection.class).getNotifications(waitMillis());
        if (notifications != null && notifications.length > 0) {
            proven = true;
            channels.heard();
            for (PGNotification notification : notifications) {
                receive(notification);
            }
        }
        heartbeat.step();
    }

    /** At least a millisecond: no time at all would be for ever. */
    private int waitMillis() {
        return watches.stream()
                .mapToInt(watch -> (int) Math.max(1, Math.min(WAIT_MILLIS, watch.nanosUntilDue() / 1_000_000)))
                .min()
                .orElse(WAIT_MILLIS);
    }

    private void receive(PGNotification notification) throws SQLException {
        if (notification.getName().equals(channel)) {
            dispatch(notification);
        } else if (!heartbeat.isMine(notification.getName())) {
            channelSession.deliver(notification);
        }
    }

    /** Hands over what this instance has parked. */
    void leave() throws SQLException {
        Set<String> handedOver = Set.copyOf(parked);
        open(handedOver);
        cry(handedOver);
    }

    private void dispatch(PGNotification notification) throws SQLException {
        String payload = notification.getParameter();
        int space = payload.indexOf(' ');
        if (space <= 0) {
            return;
        }
        String kind = payload.substring(0, space);
        String subscription = payload.substring(space + 1);
        if (kind.equals("help")) {
            if (notification.getPID() != connection.unwrap(PGConnection.class).getBackendPID()) {
                // Perhaps the leader leaves, and its gate is free.
                followers.forget(subscription);
                listener.helpWanted(subscription);
            }
        } else if (isMeant(subscription) && kind.chars().allMatch(Character::isDigit) && kind.length() < 18) {
            listener.woken(subscription, Duration.ofMillis(Long.parseLong(kind)));
        }
    }

    /** What is parked here; and what is live, which each instance has to read. */
    private boolean isMeant(String subscription) {
        return parked.contains(subscription) || subscription.equals(EventSchema.LIVE);
    }

    private void close(Requests requests) throws SQLException {
        if (!proven) {
            // Whoever sleeps here might not be woken.
            return;
        }
        Set<String> wanted = new HashSet<>(requests.park);
        wanted.removeAll(parked);
        requests.park.removeAll(parked);
        followers.keepDue(wanted);
        if (wanted.isEmpty()) {
            return;
        }
        List<String> closed = new ArrayList<>();
        try (PreparedStatement park = connection.prepareStatement(statements.get("event_subscription/park"))) {
            park.setArray(1, connection.createArrayOf("text", wanted.toArray()));
            try (ResultSet row = park.executeQuery()) {
                while (row.next()) {
                    if (row.getBoolean("parked")) {
                        closed.add(row.getString("name"));
                    }
                }
            }
        }
        parked.addAll(closed);
        requests.park.removeAll(closed);
        followers.tried(wanted, closed);
        if (!closed.isEmpty()) {
            Set<Long> open = transactionsSoFar();
            if (!open.isEmpty()) {
                watches.add(new OpenTransactions(Set.copyOf(closed), new HashSet<>(open)));
            }
            closed.forEach(listener::parked);
        }
    }

    private void open(Collection<String> wanted) throws SQLException {
        List<String> mine = wanted.stream().filter(parked::contains).toList();
        if (mine.isEmpty()) {
            return;
        }
        try (PreparedStatement unpark = connection.prepareStatement(statements.get("event_subscription/unpark"))) {
            unpark.setArray(1, connection.createArrayOf("text", mine.toArray()));
            unpark.execute();
        }
        mine.forEach(parked::remove);
    }

    private void cry(Collection<String> subscriptions) throws SQLException {
        if (subscriptions.isEmpty()) {
            return;
        }
        try (PreparedStatement notify = connection.prepareStatement(statements.get("event_subscription/cry"))) {
            notify.setString(1, channel);
            notify.setArray(2, connection.createArrayOf("text", subscriptions.toArray()));
            notify.execute();
        }
    }

    private void lookAtWatches() throws SQLException {
        if (watches.stream().noneMatch(OpenTransactions::isDue)) {
            return;
        }
        Set<Long> open = openTransactions();
        for (Iterator<OpenTransactions> each = watches.iterator(); each.hasNext(); ) {
            OpenTransactions watch = each.next();
            if (!watch.isDue()) {
                continue;
            }
            if (watch.isOver(open, settings.pollInterval())) {
                each.remove();
            }
            if (watch.hasProgressed()) {
                watch.subscriptions().forEach(listener::overlooked);
            }
        }
    }

    /** A snapshot knows of the transactions before the last one that is over; so one is begun and ended first. */
    private Set<Long> transactionsSoFar() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_current_xact_id()");
        }
        return openTransactions();
    }

    private Set<Long> openTransactions() throws SQLException {
        Set<Long> open = new HashSet<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT xid::text::bigint FROM pg_snapshot_xip(pg_current_snapshot()) AS xid")) {
            while (row.next()) {
                open.add(row.getLong(1));
            }
        }
        return open;
    }

    private static Set<String> drain(Set<String> requested) {
        Set<String> taken = new HashSet<>(requested);
        requested.removeAll(taken);
        return taken;
    }

    /** The connection may have been lent by a pool, which would keep what the session has. */
    @Override
    public void close() {
        parked.clear();
        if (own) {
            ServerSession.release(connection, networkTimeout);
        }
    }
}
