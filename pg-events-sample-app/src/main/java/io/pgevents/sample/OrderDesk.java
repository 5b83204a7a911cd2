package io.pgevents.sample;

import io.pgevents.EventPublisher;
import io.pgevents.admin.DeadLetters;
import java.util.UUID;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Takes orders over HTTP, and sends failed ones on their way again. */
@Service
class OrderDesk {

    private final EventPublisher publisher;
    private final OrderLedger ledger;
    private final OrderQueries queries;
    private final DeadLetters deadLetters;

    OrderDesk(EventPublisher publisher, OrderLedger ledger, OrderQueries queries, DeadLetters deadLetters) {
        this.publisher = publisher;
        this.ledger = ledger;
        this.queries = queries;
        this.deadLetters = deadLetters;
    }

    /** Publishes the event and writes the order, both or none. */
    @Transactional
    UUID place(OrderPlaced order) {
        UUID id = publisher.publish(order).eventId();
        ledger.insert(id, order);
        return id;
    }

    Order get(UUID id) {
        return queries.find(id).orElseThrow(() -> new OrderException.Unknown(id));
    }

    /** Gives the step at which the order has failed all its attempts again. */
    void replay(UUID id) {
        Order.Trouble trouble = get(id).trouble();
        if (trouble == null || trouble.deadLetter() == null || !deadLetters.replay(trouble.deadLetter())) {
            throw new OrderException.NothingToReplay(id);
        }
    }
}
