package io.pgevents.sample;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A shop in a JVM of its own, which can be stopped and killed. Its log is kept in a file. */
final class ShopProcess implements AutoCloseable {

    private static final Pattern OPEN = Pattern.compile("The shop is open .*http://localhost:(\\d+)");
    private static final Duration START = Duration.ofMinutes(3);

    private final Process process;
    private final Path log;

    private ShopProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    static ShopProcess start(String jdbcUrl, String user) throws IOException {
        Path directory = Files.createDirectories(Path.of("target", "shop-processes"));
        Path log = Files.createTempFile(directory, "shop-", ".log");
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        SampleApplication.class.getName(),
                        "--server.port=0",
                        "--shop.payment-failure-rate=0.001",
                        "--shop.payment-retry-delay=100ms")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().put("SPRING_DATASOURCE_URL", jdbcUrl);
        builder.environment().put("SPRING_DATASOURCE_USERNAME", user);
        return new ShopProcess(builder.start(), log);
    }

    /** Waits until the shop is open. */
    ShopClient client() {
        await().atMost(START).until(() -> !process.isAlive() || opened().find());
        Matcher opened = opened();
        if (!opened.find()) {
            throw new IllegalStateException("The shop has not opened; see " + log.toAbsolutePath());
        }
        return new ShopClient(Integer.parseInt(opened.group(1)));
    }

    /** The name under which its steps are recorded. */
    String instance() {
        return "order-shop-" + process.pid();
    }

    /** Ends the shop as an operator would, and waits for its end. */
    int stop() {
        process.destroy();
        return process.onExit().join().exitValue();
    }

    /** Ends the shop in the middle of whatever it does. */
    void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    @Override
    public void close() {
        kill();
    }

    private Matcher opened() {
        try {
            return OPEN.matcher(Files.readString(log));
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }
}
