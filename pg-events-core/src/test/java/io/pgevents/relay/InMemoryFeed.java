package io.pgevents.relay;

import io.pgevents.live.LiveCursor;
import io.pgevents.live.LiveEvent;
import io.pgevents.live.LiveFeed;
import io.pgevents.live.LiveListener;
import io.pgevents.subscription.TopicPattern;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A live log in memory whose tail is the thread that appends. Its cursors are numbers. */
public final class InMemoryFeed implements LiveFeed {

    private final List<LiveEvent> log = new ArrayList<>();
    private final List<Place> places = new CopyOnWriteArrayList<>();
    private volatile Runnable beforeReading = () -> {};
    private int horizon;

    private final class Place implements Registration {

        private final Collection<TopicPattern> topics;
        private final LiveListener listener;
        private int next;

        private Place(Collection<TopicPattern> topics, int next, LiveListener listener) {
            this.topics = List.copyOf(topics);
            this.next = next;
            this.listener = listener;
        }

        private void catchUp() {
            while (next < log.size()) {
                LiveEvent event = log.get(next++);
                if (topics.stream().anyMatch(each -> each.matches(event.topic()))) {
                    listener.received(event);
                }
            }
        }

        @Override
        public void close() {
            places.remove(this);
        }
    }

    /** Commits an event and hands it over. */
    public void append(String topic, @Nullable String key, String payload) {
        store(topic, key, payload);
        deliver();
    }

    /** Commits an event; nobody has it yet. */
    public synchronized void store(String topic, @Nullable String key, String payload) {
        LiveCursor cursor = new LiveCursor(Integer.toString(log.size() + 1));
        log.add(new LiveEvent(UUID.randomUUID(), topic, null, key, Map.of(), payload, Instant.EPOCH, cursor));
    }

    /** Hands over what was stored. */
    public synchronized void deliver() {
        places.forEach(Place::catchUp);
    }

    /** Tells everybody of a gap. */
    public synchronized void gap() {
        places.forEach(place -> place.listener.gap());
    }

    /** Forgets everything so far: older cursors are answered with a gap. */
    public synchronized void prune() {
        horizon = log.size();
    }

    /** Tells everybody where the tail is. */
    public synchronized void reach() {
        places.forEach(place -> place.listener.reached(end()));
    }

    /** What happens whenever somebody reads where the log is, or registers: to fail, or to wait. */
    public void beforeReading(Runnable action) {
        beforeReading = action;
    }

    /** How many registrations there are. */
    public int registrations() {
        return places.size();
    }

    @Override
    public Registration listen(Collection<TopicPattern> topics, @Nullable LiveCursor since, LiveListener listener) {
        beforeReading.run();
        return register(topics, since, listener);
    }

    private synchronized Place register(
            Collection<TopicPattern> topics, @Nullable LiveCursor since, LiveListener listener) {
        int next = since == null ? log.size() : place(since);
        Place place = new Place(topics, Math.max(next, horizon), listener);
        if (next < horizon) {
            listener.gap();
        }
        place.catchUp();
        places.add(place);
        return place;
    }

    private static int place(LiveCursor cursor) {
        return cursor.text().matches("\\d+") ? Integer.parseInt(cursor.text()) : -1;
    }

    @Override
    public LiveCursor now() {
        beforeReading.run();
        return end();
    }

    private synchronized LiveCursor end() {
        return new LiveCursor(Integer.toString(log.size()));
    }
}
