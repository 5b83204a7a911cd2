package io.pgevents.publish;

import io.pgevents.InvalidEventException;

/** What is a valid JSON number, but too large or too fine for {@code numeric}, of which {@code jsonb} is made. */
final class JsonNumber {

    private static final int MOST_DIGITS = 131_072;
    private static final int MOST_DECIMALS = 16_383;
    private static final int LONGEST_EXPONENT = 7;

    private JsonNumber() {}

    /** Checks the number that begins at an index; returns the index after it. */
    static int check(String json, int begin, String what) {
        int point = -1;
        int exponent = -1;
        int end = begin;
        for (; end < json.length() && isPart(json.charAt(end)); end++) {
            char c = json.charAt(end);
            if (c == '.') {
                point = end;
            } else if (c == 'e' || c == 'E') {
                exponent = end;
            }
        }
        int mantissaEnd = exponent < 0 ? end : exponent;
        int digits = (point < 0 ? mantissaEnd : point) - begin;
        int decimals = point < 0 ? 0 : mantissaEnd - point - 1;
        int shift = exponent < 0 ? 0 : exponent(json, exponent + 1, end);
        if ((long) digits + shift > MOST_DIGITS || (long) decimals - shift > MOST_DECIMALS) {
            String text = json.substring(begin, Math.min(end, begin + 40));
            throw new InvalidEventException("The " + what + " of the event contains the number " + text
                    + (text.length() < end - begin ? "…" : "")
                    + ", which PostgreSQL cannot store. Write it as a text.");
        }
        return end;
    }

    private static int exponent(String json, int begin, int end) {
        int first = json.charAt(begin) == '+' ? begin + 1 : begin;
        if (end - first > LONGEST_EXPONENT) {
            return json.charAt(begin) == '-' ? Integer.MIN_VALUE / 2 : Integer.MAX_VALUE / 2;
        }
        return Integer.parseInt(json, first, end, 10);
    }

    private static boolean isPart(char c) {
        return (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '+' || c == 'e' || c == 'E';
    }
}
