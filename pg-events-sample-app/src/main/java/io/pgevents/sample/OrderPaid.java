package io.pgevents.sample;

import io.pgevents.PgEvent;
import java.util.UUID;

/** The customer has paid. Its key is the order, so that the queue can be asked for the events of an order. */
@PgEvent(value = OrderPaid.TOPIC, key = "orderId")
record OrderPaid(UUID orderId) {

    static final String TOPIC = "order.paid";
}
