package io.pgevents.sample;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the shop behaves.
 *
 * @param paymentFailureRate the share of payments that fail, 0 to 1
 * @param paymentRetryDelay the delay before the second attempt; it doubles with each further one
 */
@ConfigurationProperties("shop")
record ShopProperties(
        @DefaultValue("0.1") double paymentFailureRate,
        @DefaultValue("1s") Duration paymentRetryDelay) {

    ShopProperties {
        if (!(paymentFailureRate >= 0 && paymentFailureRate <= 1)) {
            throw new IllegalArgumentException(
                    "shop.payment-failure-rate is " + paymentFailureRate + ". Use a number from 0 to 1.");
        }
    }
}
