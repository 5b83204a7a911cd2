package io.pgevents.sample.browser;

import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.FileSystemUtils;

/** A headless Chromium with a directory of its own. It is ended, with all its processes, by {@link #close()}. */
public final class Browser implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Browser.class);
    private static final String MISSING =
            "There is no Chromium on the PATH: the tests in a browser are skipped. Install one, as Debian's package chromium";
    private static final Duration START = Duration.ofMinutes(1);
    private static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome");

    private final Process process;
    private final Path directory;
    private final DevTools tools;

    private Browser(Process process, Path directory, DevTools tools) {
        this.process = process;
        this.directory = directory;
        this.tools = tools;
    }

    /** Starts a browser; skips the test where there is none. */
    public static Browser start() throws IOException {
        Optional<Path> program = find();
        if (program.isEmpty()) {
            log.warn(MISSING);
        }
        Assumptions.assumeTrue(program.isPresent(), MISSING);
        Path directory = Files.createTempDirectory("browser-");
        Process process = new ProcessBuilder(
                        program.get().toString(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--disable-background-networking",
                        "--disable-background-timer-throttling",
                        "--disable-renderer-backgrounding",
                        "--disable-backgrounding-occluded-windows",
                        "--no-first-run",
                        "--hide-scrollbars",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + directory,
                        "about:blank")
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("browser.log").toFile())
                .start();
        try {
            return new Browser(process, directory, DevTools.connect(address(process, directory)));
        } catch (RuntimeException ex) {
            end(process);
            throw ex;
        }
    }

    private static Optional<Path> find() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .flatMap(place -> NAMES.stream().map(name -> Path.of(place, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** The browser writes the port it has chosen, and the path, into a file. */
    private static URI address(Process process, Path directory) {
        Path file = directory.resolve("DevToolsActivePort");
        List<String> lines = await().atMost(START)
                .failFast("The browser has ended", () -> !process.isAlive())
                .ignoreExceptions()
                .until(() -> Files.readAllLines(file), read -> read.size() == 2);
        return URI.create("ws://localhost:" + lines.get(0) + lines.get(1));
    }

    /** Opens a window, and waits until its page is loaded. */
    public BrowserWindow open(String url) {
        String target = tools.call("Target.createTarget", Map.of("url", "about:blank", "newWindow", true), null)
                .get("targetId")
                .asString();
        String session = tools.call("Target.attachToTarget", Map.of("targetId", target, "flatten", true), null)
                .get("sessionId")
                .asString();
        BrowserWindow window = new BrowserWindow(tools, target, session);
        window.go(url);
        return window;
    }

    /** Stops all its processes where they are, as a laptop that is closed does. */
    public void freeze() throws IOException, InterruptedException {
        signal("-STOP");
    }

    /** Lets them go on. */
    public void thaw() throws IOException, InterruptedException {
        signal("-CONT");
    }

    private void signal(String signal) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("kill", signal, Long.toString(process.pid())));
        process.descendants().map(ProcessHandle::pid).map(String::valueOf).forEach(command::add);
        // One of them may have ended meanwhile.
        new ProcessBuilder(command).redirectErrorStream(true).start().waitFor();
    }

    @Override
    public void close() {
        tools.close();
        end(process);
        // Its last processes may still be writing: what they leave is in the directory for temporary files.
        await().ignoreExceptions()
                .until(() -> FileSystemUtils.deleteRecursively(directory) || Files.notExists(directory));
    }

    private static void end(Process process) {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException ex) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        children.forEach(ProcessHandle::destroyForcibly);
    }
}
