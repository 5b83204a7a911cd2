package io.pgevents.benchmark.process;

import io.pgevents.benchmark.contestant.Target;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The parent's side: a consumer in a process of its own. Closing ends the process. */
public final class ChildConsumer implements Closeable {

    private final Process process;
    private final BufferedReader out;
    private final Writer in;
    private final int events;
    private final String tuning;
    private int repeated;

    /**
     * Starts a process and waits until it consumes.
     *
     * @param contestant who consumes, or {@link NotifyListener#NAME}
     * @param target the database
     * @param workers how many events at the same time
     * @param events the events are numbered from 0 to this, exclusively
     */
    public ChildConsumer(String contestant, Target target, int workers, int events) throws IOException {
        this.events = events;
        this.process = new ProcessBuilder(command(contestant, workers, events))
                .redirectError(Redirect.INHERIT)
                .start();
        this.out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
        this.in = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
        in.write(target.url() + "\n" + target.user() + "\n" + target.password() + "\n");
        in.flush();
        String ready = out.readLine();
        if (ready == null || !ready.startsWith(ConsumeCommand.READY)) {
            close();
            throw new IOException("The consuming process of " + contestant + " has not begun: " + ready);
        }
        this.tuning = ready.substring(ConsumeCommand.READY.length());
    }

    /** How it is tuned. */
    public String tuning() {
        return tuning;
    }

    /** Waits until all events have been received, or the time is over. */
    public void awaitAll(Duration atMost) throws IOException {
        in.write(atMost + "\n");
        in.flush();
        out.readLine();
    }

    private static List<String> command(String contestant, int workers, int events) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> program = System.getProperty("java.class.path").endsWith(".jar")
                ? List.of("-jar", System.getProperty("java.class.path"))
                : List.of("-cp", System.getProperty("java.class.path"), "io.pgevents.benchmark.BenchmarkApplication");
        List<String> arguments =
                List.of(ConsumeCommand.NAME, contestant, String.valueOf(workers), String.valueOf(events));
        return Stream.of(List.of(java, "-Xmx512m"), program, arguments)
                .flatMap(List::stream)
                .toList();
    }

    /** Ends the consumer and tells when each event came first, in microseconds; 0 for those that did not. */
    public long[] finish() throws IOException {
        in.close();
        repeated = Integer.parseInt(Objects.requireNonNull(out.readLine(), "The consuming process has died"));
        long[] times = new long[events];
        for (String line; (line = out.readLine()) != null; ) {
            int blank = line.indexOf(' ');
            times[Integer.parseInt(line.substring(0, blank))] = Long.parseLong(line.substring(blank + 1));
        }
        return times;
    }

    /** How often an event came again; known when it is finished. */
    public int repeated() {
        return repeated;
    }

    @Override
    public void close() throws IOException {
        in.close();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException ex) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        out.close();
    }
}
