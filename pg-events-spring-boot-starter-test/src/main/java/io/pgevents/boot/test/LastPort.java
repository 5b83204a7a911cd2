package io.pgevents.boot.test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The port a data directory was served on before, so that a psql that is open, and other applications that use the
 * server, find it again after a restart.
 */
final class LastPort {

    private static final Pattern PORT = Pattern.compile("\"-p\" \"(\\d+)\"");

    private LastPort() {}

    /** The port if it is known and free, else 0 for any. */
    static int of(Path directory) throws IOException {
        Path options = directory.resolve("postmaster.opts");
        if (!Files.exists(options)) {
            return 0;
        }
        Matcher port = PORT.matcher(Files.readString(options));
        if (!port.find()) {
            return 0;
        }
        int last = Integer.parseInt(port.group(1));
        return isFree(last) ? last : 0;
    }

    private static boolean isFree(int port) {
        try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return probe.isBound();
        } catch (IOException ex) {
            return false;
        }
    }
}
