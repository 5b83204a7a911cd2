package io.pgevents.boot.test;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one server of this JVM, started by its first use and stopped when the JVM ends. Contexts are closed by hooks of
 * their own at that time, so ours waits until the last database is closed, or for a while if nobody closes it.
 */
final class SharedServer {

    private static final long LAST_CLOSE_SECONDS = 30;
    private static final Logger log = LoggerFactory.getLogger(SharedServer.class);
    private static final AtomicInteger counter = new AtomicInteger();
    private static final Phaser users = new Phaser(1);
    private static @Nullable EmbeddedPostgres running;

    private SharedServer() {}

    /** A fresh database, dropped when it is closed. */
    static EmbeddedServer newDatabase() {
        String name = "test_" + counter.incrementAndGet();
        EmbeddedPostgres server = server();
        try {
            execute(server, "CREATE DATABASE " + name);
        } catch (SQLException ex) {
            throw new IllegalStateException("The database " + name + " cannot be created", ex);
        }
        users.register();
        return new Database(server, name);
    }

    private static synchronized EmbeddedPostgres server() {
        if (running == null) {
            try {
                running = Postmaster.temporary();
            } catch (IOException ex) {
                throw new UncheckedIOException("The embedded PostgreSQL does not start", ex);
            }
            Runtime.getRuntime().addShutdownHook(new Thread(SharedServer::stop, "embedded-postgres-stop"));
        }
        return running;
    }

    private static void stop() {
        try {
            users.awaitAdvanceInterruptibly(users.arrive(), LAST_CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException | TimeoutException ex) {
            log.debug("The embedded PostgreSQL stops under an open application context", ex);
        }
        Postmaster.stop(server());
    }

    private static void execute(EmbeddedPostgres server, String sql) throws SQLException {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** A database of the shared server. */
    private record Database(EmbeddedPostgres server, String database) implements EmbeddedServer {

        @Override
        public int port() {
            return server.getPort();
        }

        @Override
        public void close() {
            try {
                execute(server, "DROP DATABASE " + database + " WITH (FORCE)");
            } catch (SQLException ex) {
                log.debug("The database {} is left behind", database, ex);
            } finally {
                users.arriveAndDeregister();
            }
        }
    }
}
