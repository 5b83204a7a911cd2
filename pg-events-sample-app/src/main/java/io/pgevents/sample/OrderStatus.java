package io.pgevents.sample;

import java.util.Locale;

/** How far an order is. {@link #RESERVED}, {@link #PAID} and {@link #SHIPPED} are also the steps that are recorded. */
enum OrderStatus {
    PLACED,
    RESERVED,
    PAID,
    SHIPPED,
    FAILED;

    /** The text in the column {@code status} and in JSON. */
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
