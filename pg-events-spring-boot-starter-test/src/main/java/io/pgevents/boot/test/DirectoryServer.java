package io.pgevents.boot.test;

import io.pgevents.PgEventsStartException;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The server of a data directory. The contexts of a JVM share it, and so do other JVMs while this one runs. */
final class DirectoryServer {

    private static final int ATTEMPTS = 600;
    private static final long PAUSE_MILLIS = 100;
    private static final Map<Path, DirectoryServer> open = new HashMap<>();

    private final Path directory;
    private final @Nullable DirectoryLock lock;
    private final @Nullable EmbeddedPostgres own;
    private final int port;
    private int users;

    private DirectoryServer(Path directory, @Nullable DirectoryLock lock, @Nullable EmbeddedPostgres own, int port) {
        this.directory = directory;
        this.lock = lock;
        this.own = own;
        this.port = port;
    }

    /** The server of a directory, started if it does not run. */
    static EmbeddedServer open(Path dataDirectory, int port) {
        Path directory = dataDirectory.toAbsolutePath().normalize();
        synchronized (open) {
            DirectoryServer server = open.computeIfAbsent(directory, each -> startOrJoin(each, port));
            server.users++;
            return new Use(server);
        }
    }

    private static DirectoryServer startOrJoin(Path directory, int port) {
        try {
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                DirectoryLock lock = DirectoryLock.tryAcquire(directory);
                if (lock != null) {
                    return start(directory, lock, port);
                }
                PostmasterFile file = PostmasterFile.read(directory);
                if (file != null && file.ready()) {
                    return new DirectoryServer(directory, null, null, file.port());
                }
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            }
        } catch (IOException ex) {
            throw new UncheckedIOException("The embedded PostgreSQL does not start in " + directory, ex);
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
        throw new PgEventsStartException(
                "Another application owns the data directory " + directory + ", but its server does not become ready.",
                "Stop that application, or set pg-events.embedded-postgres.data-directory to another directory.");
    }

    private static DirectoryServer start(Path directory, DirectoryLock lock, int port)
            throws IOException, InterruptedException {
        try {
            Leftovers.tidyUp(directory);
            EmbeddedPostgres server = Postmaster.durable(directory, port != 0 ? port : LastPort.of(directory));
            return new DirectoryServer(directory, lock, server, server.getPort());
        } catch (PgEventsStartException | InterruptedException ex) {
            lock.close();
            throw ex;
        } catch (IOException | RuntimeException ex) {
            lock.close();
            throw failure(directory, ex);
        }
    }

    private static PgEventsStartException failure(Path directory, Exception cause) throws IOException {
        Path version = directory.resolve("PG_VERSION");
        String madeBy = Files.exists(version)
                ? ", made by PostgreSQL " + Files.readString(version).strip() + ","
                : "";
        return new PgEventsStartException(
                "The embedded PostgreSQL does not start in the data directory " + directory + madeBy + " "
                        + cause.getMessage(),
                "Set " + QuietServerLog.LEVEL
                        + "=info to see what the server says. If the directory is of another major version, or may go, delete it; or set"
                        + " pg-events.embedded-postgres.data-directory to another one.",
                cause);
    }

    private void release() {
        synchronized (open) {
            users--;
            if (users == 0) {
                open.remove(directory);
                stop();
            }
        }
    }

    private void stop() {
        if (own == null || lock == null) {
            return;
        }
        Postmaster.stop(own);
        try {
            lock.close();
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    /** The use by one context. */
    private record Use(DirectoryServer server) implements EmbeddedServer {

        @Override
        public int port() {
            return server.port;
        }

        @Override
        public String database() {
            return USER;
        }

        @Override
        public void close() {
            server.release();
        }
    }
}
