package io.pgevents.boot.test;

import io.pgevents.PgEventsStartException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.FileSystemUtils;

/** Tidies a data directory up after a JVM that was killed. Only for the holder of the lock. */
final class Leftovers {

    private static final Logger log = LoggerFactory.getLogger(Leftovers.class);
    private static final long STOP_SECONDS = 60;

    private Leftovers() {}

    /** Ends a server that is still running, and removes what a killed initialization has left. */
    static void tidyUp(Path directory) throws IOException, InterruptedException {
        PostmasterFile file = PostmasterFile.read(directory);
        if (file != null) {
            ProcessHandle server = file.process().orElse(null);
            if (server == null) {
                file.delete();
            } else {
                stop(server);
            }
        }
        if (isNeverStarted(directory)) {
            checkIsData(directory);
            FileSystemUtils.deleteRecursively(directory);
        }
    }

    private static void stop(ProcessHandle server) throws IOException, InterruptedException {
        log.info("Stopping the embedded PostgreSQL (process {}), which has outlived its application", server.pid());
        if (File.separatorChar == '/') {
            // The signal for a fast shutdown: open transactions are rolled back, everything committed is written.
            new ProcessBuilder("kill", "-INT", Long.toString(server.pid()))
                    .start()
                    .waitFor();
        } else {
            server.destroyForcibly();
        }
        try {
            server.onExit().get(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException ex) {
            throw new PgEventsStartException(
                    "The embedded PostgreSQL of an application that was killed (process " + server.pid()
                            + ") does not stop.",
                    "Stop that process, then start again.",
                    ex);
        }
    }

    private static boolean isNeverStarted(Path directory) throws IOException {
        if (!Files.isDirectory(directory) || Files.exists(directory.resolve("postmaster.opts"))) {
            return false;
        }
        try (var content = Files.list(directory)) {
            return content.findAny().isPresent();
        }
    }

    private static void checkIsData(Path directory) {
        if (!Files.isDirectory(directory.resolve("pg_wal"))) {
            throw new PgEventsStartException(
                    "The data directory " + directory + " is neither empty nor a data directory of PostgreSQL.",
                    "Set pg-events.embedded-postgres.data-directory to a directory that does not exist yet.");
        }
    }
}
