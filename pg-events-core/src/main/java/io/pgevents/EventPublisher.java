package io.pgevents;

import java.util.Collection;
import java.util.List;

/**
 * Publishes events. Thread-safe; one bean of it exists.
 *
 * <p><b>Transaction.</b> The event is written in the caller's transaction, wherever that comes from:
 * {@code @Transactional}, a {@code TransactionTemplate}, JPA. After a rollback nothing exists; after the commit every
 * subscription of the topic gets it. Without a transaction the event commits on its own. No method waits for a handler.
 *
 * <p><b>Errors.</b> An event that is not valid is refused with an {@link InvalidEventException} before anything is
 * written.
 */
public interface EventPublisher {

    /**
     * Publishes one event.
     *
     * @throws InvalidEventException if the event is not valid
     */
    default PublishReceipt publish(OutgoingEvent event) {
        return publishAll(List.of(event)).get(0);
    }

    /**
     * Publishes a payload to a topic, due at once.
     *
     * @throws InvalidEventException if the topic or the payload is not valid
     */
    default PublishReceipt publish(String topic, Object payload) {
        return publish(OutgoingEvent.of(topic, payload));
    }

    /**
     * Publishes an object whose class says its topic with {@link PgEvent}.
     *
     * @throws InvalidEventException if the class is not annotated, or the payload is not valid
     */
    default PublishReceipt publish(Object event) {
        return publish(OutgoingEvent.ofAnnotated(event));
    }

    /**
     * Publishes events in one statement, in the order of the collection.
     *
     * @return a receipt for each event, in the same order
     * @throws InvalidEventException if one of them is not valid; then none is written
     */
    List<PublishReceipt> publishAll(Collection<OutgoingEvent> events);
}
