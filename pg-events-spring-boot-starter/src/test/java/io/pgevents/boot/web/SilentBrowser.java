package io.pgevents.boot.web;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A browser that asks for a stream and then reads nothing, until it is told to: what a stopped process looks like. Without chunks. */
final class SilentBrowser implements AutoCloseable {

    private static final int RECEIVE_BUFFER = 16 * 1024;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Socket socket = new Socket();

    SilentBrowser(int port, String path) throws IOException {
        socket.setReceiveBufferSize(RECEIVE_BUFFER);
        socket.setSoTimeout(Math.toIntExact(PATIENCE.toMillis()));
        socket.connect(new InetSocketAddress("localhost", port));
        String request = "GET " + path + " HTTP/1.0\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    }

    /**
     * Goes on: everything up to and with a line that begins like this, or up to the end. Fails if neither comes: a read
     * from a socket cannot be interrupted, and with heartbeats it never ends.
     */
    List<String> readUntil(String beginning) throws IOException {
        BufferedReader reader =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        List<String> lines = new ArrayList<>();
        long end = System.nanoTime() + PATIENCE.toNanos();
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            lines.add(line);
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("Neither \"" + beginning + "\" nor the end after " + lines.size() + " lines");
            }
            if (line.startsWith(beginning)) {
                break;
            }
        }
        return lines;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
