package io.pgevents.support;

import io.pgevents.live.BroadcastSubscription;
import io.pgevents.live.LiveCursor;
import io.pgevents.live.LiveEvent;
import io.pgevents.live.LiveListener;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;

/** A live listener, or the handler of a broadcast subscription, that remembers what it was given. */
public final class LiveRecorder implements LiveListener, BroadcastSubscription.Handler {

    private final Queue<LiveEvent> events = new ConcurrentLinkedQueue<>();
    private final AtomicInteger gaps = new AtomicInteger();
    private final Queue<LiveCursor> reached = new ConcurrentLinkedQueue<>();

    @Override
    public void received(LiveEvent event) {
        events.add(event);
    }

    @Override
    public void gap() {
        gaps.incrementAndGet();
    }

    @Override
    public void reached(LiveCursor cursor) {
        reached.add(cursor);
    }

    /** The places it was told of without an event. */
    public List<LiveCursor> reached() {
        return List.copyOf(reached);
    }

    public List<LiveEvent> events() {
        return List.copyOf(events);
    }

    public List<String> payloads() {
        return events.stream().map(LiveEvent::payload).toList();
    }

    public int gaps() {
        return gaps.get();
    }

    /** Waits until at least so many events were received. */
    public List<LiveEvent> await(int count) {
        Awaitility.await("live events received").until(() -> events.size() >= count);
        return events();
    }

    public void awaitGap() {
        Awaitility.await("the listener told of a gap").until(() -> gaps.get() > 0);
    }

    /** The cursor of the event with a payload. */
    public LiveCursor cursorOf(String payload) {
        return events.stream()
                .filter(each -> each.payload().equals(payload))
                .map(LiveEvent::cursor)
                .findFirst()
                .orElseThrow();
    }
}
