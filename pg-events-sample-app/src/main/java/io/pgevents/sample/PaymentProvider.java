package io.pgevents.sample;

import java.util.concurrent.ThreadLocalRandom;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** A provider that fails now and then, and always while somebody has switched it off. */
@Component
class PaymentProvider {

    private final JdbcClient jdbc;
    private final double failureRate;

    PaymentProvider(JdbcClient jdbc, ShopProperties properties) {
        this.jdbc = jdbc;
        this.failureRate = properties.paymentFailureRate();
    }

    /**
     * Charges the customer.
     *
     * @throws PaymentFailedException if the provider has failed; another attempt may succeed
     */
    void charge() {
        if (!isUp()) {
            throw new PaymentFailedException("The payment provider is down");
        }
        if (ThreadLocalRandom.current().nextDouble() < failureRate) {
            throw new PaymentFailedException("The payment provider did not answer in time");
        }
    }

    boolean isUp() {
        return jdbc.sql("SELECT up FROM payment_provider").query(Boolean.class).single();
    }

    void switchTo(boolean up) {
        jdbc.sql("UPDATE payment_provider SET up = ?").param(up).update();
    }

    double failureRate() {
        return failureRate;
    }
}
