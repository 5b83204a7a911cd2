package io.pgevents.boot.test;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;

/** The one server of this JVM, started by its first use and stopped after all contexts are closed. */
final class SharedServer {

    private static final Logger log = LoggerFactory.getLogger(SharedServer.class);
    private static final AtomicInteger counter = new AtomicInteger();
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
        return new Database(server, name);
    }

    private static synchronized EmbeddedPostgres server() {
        if (running == null) {
            try {
                running = Postmaster.temporary();
            } catch (IOException ex) {
                throw new UncheckedIOException("The embedded PostgreSQL does not start", ex);
            }
            SpringApplication.getShutdownHandlers().add(SharedServer::stop);
        }
        return running;
    }

    private static synchronized void stop() {
        if (running != null) {
            Postmaster.stop(running);
            running = null;
        }
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
            }
        }
    }
}
