package io.pgevents.publish;

import io.pgevents.InvalidEventException;

/**
 * What is valid in Java or JSON, but not for the server: NUL characters, halves of surrogate pairs, endless numbers.
 */
final class JsonText {

    private JsonText() {}

    /** Checks valid JSON. */
    static void check(String json, String what) {
        int length = json.length();
        boolean inText = false;
        for (int i = 0; i < length; i++) {
            char c = json.charAt(i);
            if (c == '\\' && i + 1 < length) {
                i += json.charAt(i + 1) == 'u' ? checkEscape(json, i, what) : 1;
            } else if (c == '"') {
                inText = !inText;
            } else if (!inText && (c == '-' || (c >= '0' && c <= '9'))) {
                i = JsonNumber.check(json, i, what) - 1;
            } else {
                i += checkCharacter(json, i, what);
            }
        }
    }

    /** Checks a plain text. */
    static void checkCharacters(String text, String what) {
        for (int i = 0; i < text.length(); i++) {
            i += checkCharacter(text, i, what);
        }
    }

    /** Checks a character, or a pair that makes one; returns how many to skip. */
    private static int checkCharacter(String text, int index, String what) {
        char c = text.charAt(index);
        if (c == 0) {
            throw nul(what);
        }
        if (!Character.isSurrogate(c)) {
            return 0;
        }
        if (!Character.isHighSurrogate(c)
                || index + 1 >= text.length()
                || !Character.isLowSurrogate(text.charAt(index + 1))) {
            throw surrogate(what);
        }
        return 1;
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
                "The " + what + " of the event contains a NUL character (\\u0000), which PostgreSQL"
                        + " cannot store. Remove it, or encode the text, for example as Base64.");
    }

    private static InvalidEventException surrogate(String what) {
        return new InvalidEventException(
                "The " + what + " of the event contains half of a surrogate pair, which is no character"
                        + " and which PostgreSQL cannot store. Remove it.");
    }
}
