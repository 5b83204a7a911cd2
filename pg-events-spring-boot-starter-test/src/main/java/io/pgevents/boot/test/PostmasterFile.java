package io.pgevents.boot.test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What {@code postmaster.pid} says of the server of a data directory. The file stays behind if the server was killed.
 *
 * @param directory the data directory
 * @param pid the process
 * @param port its port
 * @param ready whether it accepts connections
 */
record PostmasterFile(Path directory, long pid, int port, boolean ready) {

    private static final int LINES_WHEN_STARTED = 8;

    /** The content of the file; null if there is none, or if it is being written. */
    static @Nullable PostmasterFile read(Path directory) throws IOException {
        try {
            List<String> lines = Files.readAllLines(file(directory));
            if (lines.size() < 4) {
                return null;
            }
            boolean ready =
                    lines.size() >= LINES_WHEN_STARTED && lines.get(7).strip().equals("ready");
            return new PostmasterFile(
                    directory,
                    Long.parseLong(lines.get(0).strip()),
                    Integer.parseInt(lines.get(3).strip()),
                    ready);
        } catch (NoSuchFileException | NumberFormatException ex) {
            return null;
        }
    }

    /** The server process, unless it is gone and its number belongs to something else. */
    Optional<ProcessHandle> process() {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).filter(this::isOurs);
    }

    void delete() throws IOException {
        Files.deleteIfExists(file(directory));
    }

    private boolean isOurs(ProcessHandle process) {
        ProcessHandle.Info info = process.info();
        boolean server = info.command()
                .map(command -> Path.of(command).getFileName().toString().startsWith("postgres"))
                .orElse(true);
        boolean ofDirectory = info.arguments()
                .map(arguments -> List.of(arguments).contains(directory.toString()))
                .orElse(true);
        return server && ofDirectory;
    }

    private static Path file(Path directory) {
        return directory.resolve("postmaster.pid");
    }
}
