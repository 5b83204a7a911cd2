package io.pgevents.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A real PgBouncer in transaction mode, in front of one database. */
public final class PgBouncer implements AutoCloseable {

    private final int port = freePort();
    private final Path directory;
    private final Process process;
    private final String database;

    /**
     * Starts it, and waits until it can be connected to.
     *
     * @param binary where it is
     * @param url of the database
     */
    public PgBouncer(Path binary, String url) throws IOException {
        URI server = URI.create(url.substring("jdbc:".length()));
        database = server.getPath().substring(1);
        directory = Files.createTempDirectory("pgbouncer");
        Path configuration =
                Files.writeString(directory.resolve("pgbouncer.ini"), """
                [databases]
                %1$s = host=127.0.0.1 port=%2$d dbname=%1$s user=postgres password=postgres
                [pgbouncer]
                listen_addr = 127.0.0.1
                listen_port = %3$d
                unix_socket_dir =
                auth_type = any
                pool_mode = transaction
                default_pool_size = 10
                max_client_conn = 200
                ignore_startup_parameters = extra_float_digits
                """.formatted(database, server.getPort(), port));
        // It does not run as root, and reads its file as somebody else.
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        List<String> command = new ArrayList<>(List.of(binary.toString()));
        if ("root".equals(System.getProperty("user.name"))) {
            command.addAll(List.of("-u", "nobody"));
        }
        command.add(configuration.toString());
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        Awaitility.await("PgBouncer, see " + directory).until(this::isListening);
    }

    /** Where the binary is, if it is installed. */
    public static Optional<Path> binary() {
        return Stream.of("/usr/sbin/pgbouncer", "/usr/bin/pgbouncer", "/usr/local/bin/pgbouncer")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** The URL of the database through the pooler; without named statements, which this mode does not have. */
    public String url() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database + "?prepareThreshold=0";
    }

    private boolean isListening() {
        if (!process.isAlive()) {
            throw new IllegalStateException("PgBouncer has ended, see " + directory);
        }
        try {
            new Socket(InetAddress.getLoopbackAddress(), port).close();
            return true;
        } catch (IOException ex) {
            return false;
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        process.onExit().join();
        for (String each : List.of("pgbouncer.ini", "log")) {
            Files.deleteIfExists(directory.resolve(each));
        }
        Files.delete(directory);
    }
}
