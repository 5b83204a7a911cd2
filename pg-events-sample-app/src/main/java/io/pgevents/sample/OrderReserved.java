package io.pgevents.sample;

import io.pgevents.PgEvent;
import java.util.UUID;

/** What was ordered is set aside. Its key is the order, so that the queue can be asked for the events of an order. */
@PgEvent(value = OrderReserved.TOPIC, key = "orderId")
record OrderReserved(UUID orderId) {

    static final String TOPIC = "order.reserved";
}
