package io.pgevents.boot.listener;

import io.pgevents.Event;
import io.pgevents.OutgoingEvent;
import io.pgevents.capture.RowChangeReader;
import io.pgevents.subscription.EventHandler;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Handles row changes with a method of a bean. Kinds of changes that the method does not take are passed over: they
 * stem from an earlier declaration of the subscription.
 *
 * @param method what is called
 * @param signature what it takes
 * @param kind the changes it takes
 * @param reader reads them
 */
record MethodChangeHandler(BeanMethod method, HandlerSignature signature, Class<?> kind, RowChangeReader reader)
        implements EventHandler<Event<Object>> {

    @Override
    public Event<Object> convert(RawEvent event) {
        return new Event<>(
                event.metadata(), reader.read(event.payload(), event.metadata().createdAt()));
    }

    @Override
    public List<OutgoingEvent> handle(List<Event<Object>> events) throws Exception {
        List<Event<Object>> taken =
                events.stream().filter(each -> kind.isInstance(each.payload())).toList();
        return taken.isEmpty() ? List.of() : NextSteps.of(method.call(signature.arguments(taken)));
    }

    @Override
    public boolean isBatch() {
        return signature.isBatch();
    }

    @Override
    public @Nullable Set<String> knownTypes() {
        return null;
    }
}
