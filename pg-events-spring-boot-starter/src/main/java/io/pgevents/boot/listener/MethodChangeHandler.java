package io.pgevents.boot.listener;

import io.pgevents.Event;
import io.pgevents.OutgoingEvent;
import io.pgevents.subscription.EventHandler;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Handles row changes with a method of a bean. Kinds of changes that the method does not take are passed over: they
 * stem from an earlier declaration of the subscription, and nobody else waits for them.
 *
 * @param handler calls the method
 * @param kind the changes it takes
 */
record MethodChangeHandler(MethodEventHandler handler, Class<?> kind) implements EventHandler<Event<Object>> {

    @Override
    public Event<Object> convert(RawEvent event) {
        return handler.convert(event);
    }

    @Override
    public List<OutgoingEvent> handle(List<Event<Object>> events) throws Exception {
        List<Event<Object>> taken =
                events.stream().filter(each -> kind.isInstance(each.payload())).toList();
        return taken.isEmpty() ? List.of() : handler.handle(taken);
    }

    @Override
    public boolean isBatch() {
        return handler.isBatch();
    }

    @Override
    public @Nullable Set<String> knownTypes() {
        return null;
    }
}
