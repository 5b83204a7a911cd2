package io.pgevents.dispatch;

import io.pgevents.OutgoingEvent;
import io.pgevents.PayloadConversionException;
import io.pgevents.publish.JdbcEventPublisher;
import io.pgevents.publish.JdbcEventPublisher.PreparedEvent;
import io.pgevents.queue.ClaimedEvent;
import io.pgevents.subscription.EventHandler;
import java.util.ArrayList;
import java.util.List;

/** Calls the handler of a subscription: converts, limits the time, checks what is published next. Thread-safe. */
final class HandlerCall<T> {

    private final EventHandler<T> handler;
    private final JdbcEventPublisher publisher;
    private final TimeLimit timeLimit;

    HandlerCall(EventHandler<T> handler, JdbcEventPublisher publisher, TimeLimit timeLimit) {
        this.handler = handler;
        this.publisher = publisher;
        this.timeLimit = timeLimit;
    }

    /**
     * A converted event.
     *
     * @param claimed the row
     * @param value what the handler gets
     */
    record Converted<T>(ClaimedEvent claimed, T value) {}

    boolean isBatch() {
        return handler.isBatch();
    }

    /**
     * Converts an event.
     *
     * @throws PayloadConversionException whatever the conversion threw
     */
    Converted<T> convert(ClaimedEvent event) {
        try {
            return new Converted<>(event, handler.convert(event.event()));
        } catch (PayloadConversionException ex) {
            throw ex;
        } catch (RuntimeException | StackOverflowError ex) {
            throw new PayloadConversionException("The payload cannot be converted: " + ex, ex);
        }
    }

    /** Handles events and checks the next steps, which are not inserted yet. */
    List<PreparedEvent> handle(List<Converted<T>> events) throws Exception {
        List<T> values = new ArrayList<>(events.size());
        events.forEach(event -> values.add(event.value()));
        List<OutgoingEvent> next;
        try {
            next = timeLimit.call(() -> handler.handle(values));
        } finally {
            // An interrupt that the handler left behind is not meant for the next event of this thread.
            Thread.interrupted();
        }
        return next.isEmpty() ? List.of() : publisher.prepare(next);
    }
}
