package io.pgevents.sample.browser;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The line between browser and server, which can be cut and stalled. While it is cut, new connections end at once; while
 * it is stalled they are made, but nothing is carried. It holds little itself, so that a server notices soon.
 */
public final class CuttableLine implements AutoCloseable {

    private static final int BUFFER = 16 * 1024;

    private final int port;
    private final ServerSocket door;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private volatile boolean cut;
    private volatile CountDownLatch moving = new CountDownLatch(0);

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

    /** Carries nothing from now on, in neither direction, but ends nothing either. */
    public void stall() {
        moving = new CountDownLatch(1);
    }

    /** Goes on where it was stalled. */
    public void resume() {
        moving.countDown();
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
        Socket far = new Socket();
        open.add(far);
        // Before it is connected: the server is told how much fits.
        far.setReceiveBufferSize(BUFFER);
        far.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        threads.execute(() -> carry(near, far));
        threads.execute(() -> carry(far, near));
    }

    private void carry(Socket from, Socket to) {
        try (InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            byte[] carried = new byte[BUFFER];
            for (int count = in.read(carried); count >= 0; count = in.read(carried)) {
                moving.await();
                out.write(carried, 0, count);
            }
        } catch (IOException | InterruptedException gone) {
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
