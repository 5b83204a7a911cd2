package io.pgevents.publish;

import io.pgevents.InvalidEventException;

/** What is valid JSON but no valid {@code jsonb}: NUL characters and halves of surrogate pairs. */
final class JsonText {

    private JsonText() {}

    static void check(String json, String what) {
        int length = json.length();
        for (int i = 0; i < length; i++) {
            char c = json.charAt(i);
            if (c == '\\' && i + 1 < length) {
                i += json.charAt(i + 1) == 'u' ? checkEscape(json, i, what) : 1;
            } else if (c == 0) {
                throw nul(what);
            } else if (Character.isSurrogate(c)) {
                if (!Character.isHighSurrogate(c) || i + 1 >= length || !Character.isLowSurrogate(json.charAt(i + 1))) {
                    throw surrogate(what);
                }
                i++;
            }
        }
    }

    /** Checks an escape, or a pair of them, at an index; returns how many characters to skip. */
    private static int checkEscape(String json, int index, String what) {
        char c = escaped(json, index);
        if (c == 0) {
            throw nul(what);
        }
        if (!Character.isSurrogate(c)) {
            return 5;
        }
        if (!Character.isHighSurrogate(c)
                || !json.startsWith("\\u", index + 6)
                || !Character.isLowSurrogate(escaped(json, index + 6))) {
            throw surrogate(what);
        }
        return 11;
    }

    private static char escaped(String json, int index) {
        return (char) Integer.parseInt(json, index + 2, Math.min(index + 6, json.length()), 16);
    }

    static long utf8Length(String text) {
        long bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
        }
        return bytes;
    }

    private static InvalidEventException nul(String what) {
        return new InvalidEventException(
                "The " + what + " of the event contains a NUL character (\\u0000), which PostgreSQL's"
                        + " jsonb cannot store. Remove it, or encode the text, for example as Base64.");
    }

    private static InvalidEventException surrogate(String what) {
        return new InvalidEventException(
                "The " + what + " of the event contains half of a surrogate pair, which is no character"
                        + " and which PostgreSQL's jsonb cannot store. Remove it.");
    }
}
