package io.pgevents.sample.browser;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** A window of the browser. Over HTTP/1.1 a browser has six connections to a server, and each stream takes one. */
public final class BrowserWindow implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final DevTools tools;
    private final String target;
    private final String session;

    BrowserWindow(DevTools tools, String target, String session) {
        this.tools = tools;
        this.target = target;
        this.session = session;
    }

    /** Loads a page, and waits until it is there. */
    public void go(String url) {
        call("Page.navigate", Map.of("url", url));
        awaitPage("location.href.startsWith('http')");
    }

    /** Loads the page again, and waits until it is there. */
    public void reload() {
        run("window.isOld = true");
        call("Page.reload", Map.of());
        awaitPage("!window.isOld");
    }

    /** While one page takes the place of another, there may be nobody to ask. */
    private void awaitPage(String isIt) {
        await().atMost(PATIENCE)
                .ignoreException(IllegalStateException.class)
                .until(() ->
                        run(isIt + " && document.readyState === 'complete'").asBoolean(false));
    }

    /** The value of an expression of JavaScript; a promise is waited for. */
    public JsonNode run(String script) {
        JsonNode answer =
                call("Runtime.evaluate", Map.of("expression", script, "awaitPromise", true, "returnByValue", true));
        if (answer.has("exceptionDetails")) {
            throw new IllegalStateException(script + ": " + answer.get("exceptionDetails"));
        }
        return answer.get("result").path("value");
    }

    /** The text of an element. */
    public String text(String selector) {
        return run("document.querySelector('" + selector + "').textContent").asString();
    }

    /** Clicks an element, as a script does. */
    public void click(String selector) {
        run("document.querySelector('" + selector + "').click()");
    }

    /** Moves the focus to an element and presses Enter. */
    public void pressEnterOn(String selector) {
        run("document.querySelector('" + selector + "').focus()");
        for (String type : List.of("keyDown", "keyUp")) {
            call(
                    "Input.dispatchKeyEvent",
                    Map.of("type", type, "key", "Enter", "code", "Enter", "text", "\r", "windowsVirtualKeyCode", 13));
        }
    }

    /** Takes a picture, in a size and in light or dark. From then on nothing moves that can be asked not to. */
    public void photograph(int width, int height, String scheme, Path file) throws IOException {
        call(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
        call(
                "Emulation.setEmulatedMedia",
                Map.of(
                        "features",
                        List.of(
                                Map.of("name", "prefers-color-scheme", "value", scheme),
                                Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
        String picture = call("Page.captureScreenshot", Map.of("format", "png"))
                .get("data")
                .asString();
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.write(file, Base64.getDecoder().decode(picture));
    }

    @Override
    public void close() {
        tools.call("Target.closeTarget", Map.of("targetId", target), null);
    }

    private JsonNode call(String method, Map<String, ?> parameters) {
        return tools.call(method, parameters, session);
    }
}
