package io.pgevents.benchmark.contestant;

import java.util.Locale;

/**
 * The payload of every event: {@link #BYTES} bytes of JSON.
 *
 * @param number tells events apart
 * @param customer some text
 * @param filler makes up the length
 */
public record Payload(int number, String customer, String filler) {

    /** The length of {@link #json}. */
    public static final int BYTES = 200;

    private static final String FILLER = "0123456789abcdefghij".repeat(BYTES / 20);
    private static final int FRAME = format(0, "", "").length() - 1;

    /** The payload of an event. */
    public static Payload of(int number) {
        String customer = "customer-" + number % 1000;
        int length = BYTES - FRAME - String.valueOf(number).length() - customer.length();
        return new Payload(number, customer, FILLER.substring(0, length));
    }

    /** The payload of an event as JSON, for those who store text. */
    public static String json(int number) {
        Payload payload = of(number);
        return format(number, payload.customer(), payload.filler());
    }

    private static String format(int number, String customer, String filler) {
        return String.format(
                Locale.ROOT, "{\"number\":%d,\"customer\":\"%s\",\"filler\":\"%s\"}", number, customer, filler);
    }
}
