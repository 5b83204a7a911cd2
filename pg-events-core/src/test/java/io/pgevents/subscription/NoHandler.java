package io.pgevents.subscription;

import io.pgevents.OutgoingEvent;
import io.pgevents.subscription.EventHandler.RawEvent;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A handler that is registered, and never called. */
enum NoHandler implements EventHandler<RawEvent> {
    INSTANCE;

    @Override
    public RawEvent convert(RawEvent event) {
        return event;
    }

    @Override
    public List<OutgoingEvent> handle(List<RawEvent> events) {
        throw new AssertionError("never called");
    }

    @Override
    public boolean isBatch() {
        return false;
    }

    @Override
    public @Nullable Set<String> knownTypes() {
        return null;
    }
}
