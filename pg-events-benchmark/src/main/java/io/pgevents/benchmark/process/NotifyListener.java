package io.pgevents.benchmark.process;

import io.pgevents.benchmark.contestant.Contestant;
import io.pgevents.benchmark.contestant.Receipts;
import io.pgevents.benchmark.contestant.Target;
import io.pgevents.benchmark.measure.Clock;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/** The least that can be done: one connection notifies, another listens. Nothing is stored. */
public final class NotifyListener implements Contestant {

    /** What the report calls it. */
    public static final String NAME = "raw NOTIFY";

    private final Connection connection;
    private final ExecutorService executor = Executors.newSingleThreadExecutor();
    private volatile boolean closed;

    public NotifyListener(Target target) throws SQLException {
        this.connection = DriverManager.getConnection(target.url(), target.user(), target.password());
    }

    @Override
    public String tuning() {
        return "a blocking read on the listening connection";
    }

    @Override
    public void publish(int first, int count) throws SQLException {
        for (int number = first; number < first + count; number++) {
            publishTimed(number);
        }
    }

    @Override
    public synchronized long publishTimed(int number) throws SQLException {
        connection.setAutoCommit(false);
        try (PreparedStatement notify = connection.prepareStatement("SELECT pg_notify('benchmark', ?)")) {
            notify.setString(1, String.valueOf(number));
            notify.execute();
        }
        long sent = Clock.micros();
        connection.commit();
        return sent;
    }

    @Override
    public void consume(Receipts receipts) throws SQLException {
        try (Statement listen = connection.createStatement()) {
            listen.execute("LISTEN benchmark");
        }
        PGConnection listening = connection.unwrap(PGConnection.class);
        executor.execute(() -> {
            try {
                while (!closed) {
                    for (PGNotification each : listening.getNotifications(200)) {
                        receipts.received(Integer.parseInt(each.getParameter()));
                    }
                }
            } catch (SQLException ex) {
                throw new IllegalStateException(ex);
            }
        });
    }

    @Override
    public void close() throws IOException {
        closed = true;
        executor.shutdown();
        try {
            executor.awaitTermination(1, TimeUnit.SECONDS);
            connection.close();
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        } catch (SQLException ex) {
            throw new IOException(ex);
        }
    }
}
