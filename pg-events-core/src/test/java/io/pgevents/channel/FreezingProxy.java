package io.pgevents.channel;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.LoggerFactory;

/** A network that can lose what is on its way, while both ends believe that they are connected. */
public final class FreezingProxy implements AutoCloseable {

    private static final Pattern PORT = Pattern.compile("(?<=localhost:)\\d+");

    private final ServerSocket entrance = new ServerSocket(0, 50, InetAddress.getByName("localhost"));
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Link> links = new CopyOnWriteArrayList<>();
    private final String url;

    /** One connection, and how many bytes it still passes on. */
    private record Link(Socket client, Socket server, AtomicLong toServer, AtomicLong toClient) {}

    public FreezingProxy(String serverUrl) throws IOException {
        Matcher matcher = PORT.matcher(serverUrl);
        if (!matcher.find()) {
            throw new IllegalArgumentException(serverUrl);
        }
        int port = Integer.parseInt(matcher.group());
        url = matcher.replaceFirst(String.valueOf(entrance.getLocalPort()));
        threads.execute(() -> accept(port));
    }

    /** The URL that leads through here. */
    public String url() {
        return url;
    }

    /** Existing connections pass nothing on any more; new ones do. */
    public void freeze() {
        links.forEach(link -> {
            link.toServer().set(0);
            link.toClient().set(0);
        });
    }

    /** Existing connections pass only so many bytes of the server's on: a message may end in the middle. */
    public void freezeAfter(int bytes) {
        links.forEach(link -> link.toClient().set(bytes));
    }

    private void accept(int port) {
        try {
            while (true) {
                Socket client = entrance.accept();
                Socket server = new Socket("localhost", port);
                Link link = new Link(client, server, unlimited(), unlimited());
                links.add(link);
                threads.execute(() -> pass(client, server, link.toServer()));
                threads.execute(() -> pass(server, client, link.toClient()));
            }
        } catch (IOException ex) {
            end(ex);
        }
    }

    private static AtomicLong unlimited() {
        return new AtomicLong(Long.MAX_VALUE);
    }

    private static void pass(Socket from, Socket to, AtomicLong left) {
        byte[] buffer = new byte[8192];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                int passed = (int) Math.min(read, left.get());
                left.addAndGet(-passed);
                out.write(buffer, 0, passed);
                out.flush();
            }
        } catch (IOException ex) {
            end(ex);
        }
    }

    /** A closed socket ends its threads. */
    private static void end(IOException expected) {
        LoggerFactory.getLogger(FreezingProxy.class).debug("A connection has ended", expected);
    }

    @Override
    public void close() throws IOException {
        entrance.close();
        for (Link link : links) {
            link.client().close();
            link.server().close();
        }
        threads.shutdownNow();
    }
}
