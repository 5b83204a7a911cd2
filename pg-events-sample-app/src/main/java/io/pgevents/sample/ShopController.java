package io.pgevents.sample;

import io.pgevents.admin.DeadLetters;
import io.pgevents.admin.DeadLetters.DeadLetter;
import java.util.List;
import java.util.Map;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The shop as a whole: what the page shows beside the orders, and its switches. */
@RestController
@RequestMapping("/shop")
class ShopController {

    private static final int SHOWN_DEAD_LETTERS = 20;
    private static final int REPLAYED_AT_ONCE = 10_000;

    private final OrderQueries orders;
    private final ItemStatistics statistics;
    private final Stock stock;
    private final PaymentProvider payments;
    private final DeadLetters deadLetters;
    private final ShopDatabase database;

    ShopController(
            OrderQueries orders,
            ItemStatistics statistics,
            Stock stock,
            PaymentProvider payments,
            DeadLetters deadLetters,
            ShopDatabase database) {
        this.orders = orders;
        this.statistics = statistics;
        this.stock = stock;
        this.payments = payments;
        this.deadLetters = deadLetters;
        this.database = database;
    }

    @GetMapping
    Shop look() {
        return new Shop(
                orders.countByStatus(),
                statistics.mostWanted(),
                stock.shelves(),
                new Payments(payments.isUp(), payments.failureRate()),
                deadLetters.list(null, SHOWN_DEAD_LETTERS),
                database.psql());
    }

    @PutMapping("/payments")
    Payments switchPayments(@RequestParam boolean up) {
        payments.switchTo(up);
        return new Payments(up, payments.failureRate());
    }

    @PostMapping("/dead-letters/{id}/replay")
    Replayed replay(@PathVariable long id) {
        return new Replayed(deadLetters.replay(id) ? 1 : 0);
    }

    /** Replays the dead letters of a subscription, the oldest first. */
    @PostMapping("/dead-letters/replay")
    Replayed replayAll(@RequestParam String subscription) {
        return new Replayed(deadLetters.replayAll(subscription, REPLAYED_AT_ONCE));
    }

    /** The shop at one moment. */
    record Shop(
            Map<String, Long> orders,
            List<ItemStatistics.Count> items,
            List<Stock.Shelf> stock,
            Payments payments,
            List<DeadLetter> deadLetters,
            String psql) {}

    /** Whether the payment provider is up, and how many payments fail even so. */
    record Payments(boolean up, double failureRate) {}

    /** How many dead letters were replayed. */
    record Replayed(int replayed) {}
}
