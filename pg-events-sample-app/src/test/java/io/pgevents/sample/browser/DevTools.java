package io.pgevents.sample.browser;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The DevTools protocol: calls and their answers over one WebSocket. Thread-safe; events are not looked at. */
final class DevTools implements WebSocket.Listener {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int PATIENCE_IN_SECONDS = 60;

    private final AtomicInteger calls = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
    private final StringBuilder message = new StringBuilder();
    private @Nullable WebSocket socket;

    private DevTools() {}

    static DevTools connect(URI address) {
        DevTools tools = new DevTools();
        tools.socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(address, tools)
                .join();
        return tools;
    }

    /**
     * Calls a method, and waits for its result.
     *
     * @param session the window that is meant, or null for the browser
     * @throws IllegalStateException if the browser answers with an error
     */
    JsonNode call(String method, Map<String, ?> parameters, @Nullable String session) {
        int id = calls.incrementAndGet();
        Map<String, Object> call = new LinkedHashMap<>(Map.of("id", id, "method", method, "params", parameters));
        if (session != null) {
            call.put("sessionId", session);
        }
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        answers.put(id, answer);
        send(JSON.writeValueAsString(call));
        JsonNode result =
                answer.orTimeout(PATIENCE_IN_SECONDS, TimeUnit.SECONDS).join();
        if (result.has("error")) {
            throw new IllegalStateException(method + ": " + result.get("error"));
        }
        return result.get("result");
    }

    /** A WebSocket takes one message at a time. */
    private synchronized void send(String text) {
        socket.sendText(text, true).join();
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
        message.append(part);
        if (last) {
            JsonNode received = JSON.readTree(message.toString());
            message.setLength(0);
            CompletableFuture<JsonNode> answer =
                    answers.remove(received.path("id").asInt(0));
            if (answer != null) {
                answer.complete(received);
            }
        }
        from.request(1);
        return null;
    }

    void close() {
        socket.abort();
    }
}
