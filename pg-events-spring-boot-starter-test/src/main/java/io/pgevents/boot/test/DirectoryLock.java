package io.pgevents.boot.test;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Says which JVM owns a data directory. The operating system releases it however the JVM ends. The file lies beside the
 * directory, because that must be empty before its first use.
 */
final class DirectoryLock implements AutoCloseable {

    private final FileChannel channel;

    private DirectoryLock(FileChannel channel) {
        this.channel = channel;
    }

    /** The lock, or null if another JVM has it. */
    static @Nullable DirectoryLock tryAcquire(Path directory) throws IOException {
        Path file = directory.resolveSibling(directory.getFileName() + ".lock");
        Files.createDirectories(directory.getParent());
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock();
        if (lock == null) {
            channel.close();
            return null;
        }
        return new DirectoryLock(channel);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
