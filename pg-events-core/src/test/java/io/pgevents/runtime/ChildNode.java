package io.pgevents.runtime;

import io.pgevents.retry.RetryPolicy;
import io.pgevents.retry.RetryPolicy.Backoff;
import io.pgevents.subscription.EventHandler.RawEvent;
import io.pgevents.subscription.SubscriptionSettings;
import io.pgevents.subscription.SubscriptionSettings.Mode;
import io.pgevents.subscription.SubscriptionSettings.Order;
import io.pgevents.support.TestBus;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** An instance in a JVM of its own, which can be killed or paused. */
final class ChildNode implements AutoCloseable {

    private final Process process;

    private ChildNode(Process process) {
        this.process = process;
    }

    /**
     * Starts an instance.
     *
     * @param handlingMillis how long it handles each event after its effect is written
     */
    static ChildNode start(String url, Mode mode, long handlingMillis) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        try {
            return new ChildNode(new ProcessBuilder(
                            java,
                            "-Xmx128m",
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            ChildNode.class.getName(),
                            url,
                            mode.name(),
                            String.valueOf(handlingMillis))
                    .redirectErrorStream(true)
                    .redirectOutput(new File("target/child-node.log"))
                    .start());
        } catch (IOException ex) {
            throw new IllegalStateException(ex);
        }
    }

    static SubscriptionSettings settings(Mode mode) {
        RetryPolicy retry =
                new RetryPolicy(3, new Backoff(Duration.ofMillis(50), 1, Duration.ofMillis(50), 0), Set.of(), Set.of());
        return new SubscriptionSettings(mode, Order.NONE, 2, 50, Duration.ofSeconds(1), null, retry);
    }

    public static void main(String[] args) throws InterruptedException {
        long handlingNanos = TimeUnit.MILLISECONDS.toNanos(Long.parseLong(args[2]));
        TestBus bus = new TestBus(args[0]);
        bus.subscribe("s", "t", settings(Mode.valueOf(args[1])), event -> {
            handle(bus, event, handlingNanos);
            return List.of();
        });
        bus.start();
        new CountDownLatch(1).await();
    }

    private static void handle(TestBus bus, RawEvent event, long handlingNanos) {
        if (event.payload().contains("poison")) {
            Runtime.getRuntime().halt(7);
        }
        Effects.write(bus, event, "child");
        long end = System.nanoTime() + handlingNanos;
        while (System.nanoTime() - end < 0) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }

    /** As kill -9 does. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        awaitEnd(10);
    }

    boolean awaitEnd(int seconds) throws InterruptedException {
        return process.waitFor(seconds, TimeUnit.SECONDS);
    }

    void pause() {
        signal("-STOP");
    }

    void resume() {
        signal("-CONT");
    }

    private void signal(String signal) {
        try {
            Process kill = new ProcessBuilder("kill", signal, String.valueOf(process.pid())).start();
            if (kill.waitFor() != 0) {
                throw new IllegalStateException("kill " + signal + " failed");
            }
        } catch (IOException | InterruptedException ex) {
            throw new IllegalStateException(ex);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
