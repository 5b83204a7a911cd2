package io.pgevents.boot.test;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Starts server processes. Nobody but their owner stops them: a hook of the JVM would do it under running applications.
 */
final class Postmaster {

    private static final Path BINARIES =
            Path.of(System.getProperty("java.io.tmpdir"), "embedded-pg-" + System.getProperty("user.name"));

    private Postmaster() {}

    /** A server in a temporary directory, which does not wait for the disk. */
    static EmbeddedPostgres temporary() throws IOException {
        return builder().start();
    }

    /** A server that keeps what it has committed. Recovery after a crash may take a while. */
    static EmbeddedPostgres durable(Path dataDirectory, int port) throws IOException {
        return builder()
                .setDataDirectory(dataDirectory)
                .setCleanDataDirectory(false)
                .setPort(port)
                .setServerConfig("fsync", "on")
                .setServerConfig("full_page_writes", "on")
                .setServerConfig("synchronous_commit", "on")
                .setPGStartupWait(Duration.ofSeconds(60))
                .start();
    }

    static void stop(EmbeddedPostgres server) {
        try {
            server.close();
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    private static EmbeddedPostgres.Builder builder() {
        return EmbeddedPostgres.builder()
                .setOverrideWorkingDirectory(BINARIES.toFile())
                .setRegisterShutdownHook(false)
                .setServerConfig("max_connections", "200");
    }
}
