package io.pgevents.relay;

import io.pgevents.live.LiveEvent;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What one client sees of events. Closed: what fails hides the event, and the first failure is logged. Thread-safe. */
final class ClientFilter {

    private static final Logger log = LoggerFactory.getLogger(Relay.class);

    private final RelaySubscription subscription;
    private final AtomicBoolean failed = new AtomicBoolean();

    ClientFilter(RelaySubscription subscription) {
        this.subscription = subscription;
    }

    /** What the client sees of an event, or null if nothing. */
    @Nullable
    RelayEvent seen(RelayEvent event) {
        LiveEvent live = event.event();
        String key = subscription.key();
        if (key != null && !key.equals(live.key())) {
            return null;
        }
        RelayStream stream = subscription.stream();
        try {
            boolean passes = stream.filter().test(live)
                    && fieldsMatch(event)
                    && subscription.filter().test(live);
            return passes ? event.through(stream.view()) : null;
        } catch (RuntimeException | Error ex) {
            if (failed.compareAndSet(false, true)) {
                log.warn(
                        "A filter or the view of stream {} failed, event {} is hidden from this client, as will be others",
                        stream.name(),
                        live.eventId(),
                        ex);
            }
            return null;
        }
    }

    private boolean fieldsMatch(RelayEvent event) {
        for (Map.Entry<String, Set<String>> field : subscription.fields().entrySet()) {
            String value = event.field(field.getKey());
            if (value == null || !field.getValue().contains(value)) {
                return false;
            }
        }
        return true;
    }
}
