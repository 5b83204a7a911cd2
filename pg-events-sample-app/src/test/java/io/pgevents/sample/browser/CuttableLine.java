package io.pgevents.sample.browser;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The line between browser and server, which can be cut. While it is, new connections end at once. */
public final class CuttableLine implements AutoCloseable {

    private final int port;
    private final ServerSocket door;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private volatile boolean cut;

    /** A line to a port of this machine. */
    public CuttableLine(int port) throws IOException {
        this.port = port;
        this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        threads.execute(this::accept);
    }

    /** Where to connect. */
    public int port() {
        return door.getLocalPort();
    }

    /** Ends all connections, and those to come. */
    public void cut() {
        cut = true;
        open.forEach(CuttableLine::end);
    }

    /** Connections are possible again. */
    public void mend() {
        cut = false;
    }

    @Override
    public void close() throws IOException {
        cut();
        door.close();
        threads.shutdownNow();
    }

    private void accept() {
        try {
            while (true) {
                connect(door.accept());
            }
        } catch (IOException closed) {
            cut();
        }
    }

    private void connect(Socket near) throws IOException {
        open.add(near);
        if (cut) {
            end(near);
            return;
        }
        Socket far = new Socket(InetAddress.getLoopbackAddress(), port);
        open.add(far);
        threads.execute(() -> carry(near, far));
        threads.execute(() -> carry(far, near));
    }

    private void carry(Socket from, Socket to) {
        try (InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            in.transferTo(out);
        } catch (IOException gone) {
            // One of the two has ended; so does the other.
            end(to);
        } finally {
            end(from);
            end(to);
            open.remove(from);
            open.remove(to);
        }
    }

    private static void end(Socket socket) {
        try {
            socket.close();
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }
}
