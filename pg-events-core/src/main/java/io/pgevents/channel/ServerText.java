package io.pgevents.channel;

import io.pgevents.InvalidEventException;
import java.nio.charset.StandardCharsets;

/** Texts as the server takes them. */
final class ServerText {

    private ServerText() {}

    /**
     * How many bytes a text has in UTF-8.
     *
     * @throws InvalidEventException if it has characters that the server does not know
     */
    static int length(String text, String what) {
        if (text.indexOf('\0') >= 0) {
            throw new InvalidEventException("The " + what + " contains a NUL character, which PostgreSQL cannot take.");
        }
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw new InvalidEventException(
                    "The " + what + " contains half of a surrogate pair, which is no character.");
        }
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
