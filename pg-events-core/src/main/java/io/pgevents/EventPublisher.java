package io.pgevents;

import java.util.Collection;
import java.util.List;

/**
 * Publishes events. Thread-safe; one bean of it exists.
 *
 * <p><b>Transaction.</b> The event is written in the caller's transaction, wherever that comes from:
 * {@code @Transactional}, a {@code TransactionTemplate}, JPA. After a rollback nothing exists; after the commit every
 * subscription of the topic gets it. Without a transaction the event commits on its own, also if the
 * pool has auto-commit off; so does what is published by a callback that is told of the end of a transaction
 * ({@code afterCommit}, {@code afterCompletion}, {@code @TransactionalEventListener}). No method waits for a handler.
 *
 * <p><b>Live.</b> What is published to a topic that is followed live is also told to every running instance, if it is due
 * at once; what is scheduled is for durable subscriptions only.
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

    /**
     * Tells every running instance that follows the topic live, and nobody else, at once after the commit of the
     * caller's transaction; after a rollback, nobody. Without a transaction, or when it is over, at once. It does not slow
     * down the commit, and is not durable: an instance that is away does not get it, and nobody may if this process or the
     * server crashes within about a second of the commit, or if the database is away and meanwhile this process ends or
     * more than 10,000 broadcasts wait. What has to arrive is published, not broadcast. Broadcasts of one thread stay in
     * their order. Keys and headers travel along.
     *
     * @throws InvalidEventException if the event is not valid, or has a schedule, a priority or a de-duplication key
     */
    void broadcast(OutgoingEvent event);

    /**
     * Broadcasts a payload to a topic.
     *
     * @throws InvalidEventException if the topic or the payload is not valid
     */
    default void broadcast(String topic, Object payload) {
        broadcast(OutgoingEvent.of(topic, payload));
    }

    /**
     * Broadcasts an object whose class says its topic with {@link PgEvent}.
     *
     * @throws InvalidEventException if the class is not annotated, or the payload is not valid
     */
    default void broadcast(Object event) {
        broadcast(OutgoingEvent.ofAnnotated(event));
    }
}
