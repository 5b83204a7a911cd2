package io.pgevents.benchmark.contestant;

import java.util.Locale;

/**
 * The payload of every event: 200 bytes of JSON.
 *
 * @param number tells events apart
 * @param customer some text
 * @param filler makes up the length
 */
public record Payload(int number, String customer, String filler) {

    private static final String FILLER = "0123456789abcdefghij".repeat(7);

    /** The payload of an event. */
    public static Payload of(int number) {
        return new Payload(number, "customer-" + number % 1000, FILLER);
    }

    /** The payload of an event as JSON, for those who store text. */
    public static String json(int number) {
        return String.format(
                Locale.ROOT,
                "{\"number\":%d,\"customer\":\"customer-%d\",\"filler\":\"%s\"}",
                number,
                number % 1000,
                FILLER);
    }
}
