package io.pgevents.sample;

import io.pgevents.EventMetadata;
import io.pgevents.PgSubscribe;
import io.pgevents.Retry;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * The steps of an order. Each one writes its effect and returns the event of the next step, all in the transaction that
 * finishes its own event.
 */
@Component
class OrderPipeline {

    private final OrderLedger orders;
    private final Stock stock;
    private final PaymentProvider payments;

    OrderPipeline(OrderLedger orders, Stock stock, PaymentProvider payments) {
        this.orders = orders;
        this.stock = stock;
        this.payments = payments;
    }

    @PgSubscribe(topic = OrderPlaced.TOPIC, subscription = "reserve")
    Optional<OrderReserved> reserve(OrderPlaced order, EventMetadata event) {
        orders.register(event.eventId(), order, event.createdAt());
        if (!stock.take(order.item(), order.quantity())) {
            orders.fail(event.eventId(), "There is not enough in stock");
            return Optional.empty();
        }
        orders.complete(event.eventId(), OrderStatus.RESERVED, event.attempt());
        return Optional.of(new OrderReserved(event.eventId()));
    }

    @PgSubscribe(
            topic = OrderReserved.TOPIC,
            subscription = "pay",
            retry = @Retry(maxAttempts = "4", delay = "${shop.payment-retry-delay}", multiplier = "2"))
    OrderPaid pay(OrderReserved order, EventMetadata event) {
        payments.charge();
        orders.complete(order.orderId(), OrderStatus.PAID, event.attempt());
        return new OrderPaid(order.orderId());
    }

    @PgSubscribe(topic = OrderPaid.TOPIC, subscription = "ship")
    void ship(OrderPaid order, EventMetadata event) {
        orders.complete(order.orderId(), OrderStatus.SHIPPED, event.attempt());
    }
}
