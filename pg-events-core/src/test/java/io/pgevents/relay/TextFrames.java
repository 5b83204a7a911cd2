package io.pgevents.relay;

import io.pgevents.live.LiveCursor;
import io.pgevents.live.LiveEvent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Frames that a test can read, and how often an event was written. */
class TextFrames implements FrameEncoder {

    final AtomicInteger written = new AtomicInteger();

    /** All frames that are there now. */
    static List<String> take(RelayClient client) {
        List<String> frames = new ArrayList<>();
        for (byte[] frame = client.poll(); frame != null; frame = client.poll()) {
            frames.add(new String(frame, StandardCharsets.UTF_8));
        }
        return frames;
    }

    @Override
    public byte[] event(LiveEvent event, boolean withCursor) {
        written.incrementAndGet();
        return bytes(event.payload() + (withCursor ? "@" + event.cursor() : ""));
    }

    @Override
    public byte[] message(String name, String json) {
        return bytes(name + "=" + json);
    }

    @Override
    public byte[] opening(@Nullable LiveCursor cursor) {
        return bytes("open@" + cursor);
    }

    @Override
    public byte[] heartbeat(@Nullable LiveCursor cursor) {
        return bytes("beat@" + cursor);
    }

    @Override
    public byte[] gap(@Nullable LiveCursor cursor) {
        return bytes(cursor == null ? "gap" : "gap@" + cursor);
    }

    @Override
    public byte[] shutdown() {
        return bytes("shutdown");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
