package io.pgevents.support;

import io.pgevents.OutgoingEvent;
import io.pgevents.subscription.EventHandler.RawEvent;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.awaitility.Awaitility;

/** A handler that remembers what it was given, in the order of the calls. */
public final class Recorder implements TestBus.Body {

    private static final Duration AT_MOST = Duration.ofSeconds(20);

    private final Queue<RawEvent> seen = new ConcurrentLinkedQueue<>();

    @Override
    public List<OutgoingEvent> handle(RawEvent event) {
        seen.add(event);
        return List.of();
    }

    /** The events so far. */
    public List<RawEvent> events() {
        return List.copyOf(seen);
    }

    /** Their payloads as JSON texts. */
    public List<String> payloads() {
        return seen.stream().map(RawEvent::payload).toList();
    }

    /** Waits until at least so many events were handled. */
    public List<RawEvent> await(int count) {
        Awaitility.await("events handled").atMost(AT_MOST).until(() -> seen.size() >= count);
        return events();
    }
}
