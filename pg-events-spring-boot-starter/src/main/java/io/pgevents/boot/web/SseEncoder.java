package io.pgevents.boot.web;

import io.pgevents.live.LiveCursor;
import io.pgevents.live.LiveEvent;
import io.pgevents.relay.FrameEncoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Frames as {@code EventSource} reads them.
 *
 * @param eventName the type of all events, or null for their topics
 */
record SseEncoder(@Nullable String eventName) implements FrameEncoder {

    private static final Pattern LINE_BREAK = Pattern.compile("\r\n|\r|\n");

    @Override
    public byte[] event(LiveEvent event, boolean withCursor) {
        StringBuilder text = new StringBuilder(event.payload().length() + 100);
        if (withCursor) {
            field(text, "id", event.cursor().text());
        }
        field(text, "event", eventName == null ? event.topic() : eventName);
        field(text, "data", event.payload());
        return bytes(text.append('\n'));
    }

    @Override
    public byte[] message(String name, String json) {
        return message(name, json, null);
    }

    private static byte[] message(String name, String json, @Nullable LiveCursor cursor) {
        StringBuilder text = new StringBuilder(json.length() + 100);
        if (cursor != null) {
            field(text, "id", cursor.text());
        }
        field(text, "event", name);
        field(text, "data", json);
        return bytes(text.append('\n'));
    }

    /** A block without data is no event, but its id and retry count. */
    @Override
    public byte[] opening(@Nullable LiveCursor cursor) {
        StringBuilder text = new StringBuilder(": ok\n");
        field(text, "retry", retry());
        if (cursor != null) {
            field(text, "id", cursor.text());
        }
        return bytes(text.append('\n'));
    }

    /**
     * All that a browser gets for which there is no room now: it comes back later. Any status but 200 would end its {@code
     * EventSource} for good.
     */
    static byte[] comeBack() {
        StringBuilder text = new StringBuilder();
        field(text, "retry", Integer.toString(ThreadLocalRandom.current().nextInt(2000, 10_000)));
        return bytes(text.append('\n'));
    }

    @Override
    public byte[] heartbeat(@Nullable LiveCursor cursor) {
        StringBuilder text = new StringBuilder(":\n");
        if (cursor != null) {
            field(text, "id", cursor.text());
        }
        return bytes(text.append('\n'));
    }

    @Override
    public byte[] gap(@Nullable LiveCursor cursor) {
        return message("gap", "{}", cursor);
    }

    @Override
    public byte[] shutdown() {
        StringBuilder text = new StringBuilder();
        field(text, "retry", retry());
        field(text, "event", "shutdown");
        field(text, "data", "{}");
        return bytes(text.append('\n'));
    }

    /** Between one and five seconds, so that not all come back at once. */
    private static String retry() {
        return Integer.toString(ThreadLocalRandom.current().nextInt(1000, 5000));
    }

    /** A value with line breaks becomes several fields, which the browser joins again. */
    private static void field(StringBuilder text, String name, String value) {
        if (value.indexOf('\n') < 0 && value.indexOf('\r') < 0) {
            line(text, name, value);
            return;
        }
        for (String part : LINE_BREAK.split(value, -1)) {
            line(text, name, part);
        }
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append(name).append(": ").append(value).append('\n');
    }

    private static byte[] bytes(StringBuilder text) {
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }
}
