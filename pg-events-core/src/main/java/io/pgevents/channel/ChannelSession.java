package io.pgevents.channel;

import io.pgevents.Notification;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGNotification;

/** The application's channels on one connection. Used by the hub's thread only. */
final class ChannelSession {

    private final Connection connection;
    private final Channels channels;
    private Set<String> taken = Set.of();
    private @Nullable Listeners seen;

    ChannelSession(Connection connection, Channels channels) {
        this.connection = connection;
        this.channels = channels;
    }

    /** Makes the server send what is listened to now, and only then says that it does. */
    void step() throws SQLException {
        Listeners wanted = channels.listeners();
        if (wanted == seen) {
            return;
        }
        List<String> commands = new ArrayList<>();
        wanted.channels().stream()
                .filter(name -> !taken.contains(name))
                .forEach(name -> commands.add("LISTEN " + new ChannelName(name).quoted()));
        taken.stream()
                .filter(name -> !wanted.channels().contains(name))
                .forEach(name -> commands.add("UNLISTEN " + new ChannelName(name).quoted()));
        if (!commands.isEmpty()) {
            try (Statement statement = connection.createStatement()) {
                statement.setEscapeProcessing(false);
                statement.execute(String.join("; ", commands));
            }
        }
        taken = wanted.channels();
        seen = wanted;
        wanted.all().forEach(Listening::taken);
    }

    void deliver(PGNotification notification) {
        channels.deliver(new Notification(notification.getName(), notification.getParameter(), notification.getPID()));
    }
}
