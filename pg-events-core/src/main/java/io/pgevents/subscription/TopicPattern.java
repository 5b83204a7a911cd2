package io.pgevents.subscription;

import java.util.Collection;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A topic, or a pattern of topics: in {@code order.*} the {@code *} stands for exactly one word, in {@code order.#} the
 * {@code #} stands for any number of words, also none. These are the rules of AMQP topic exchanges.
 *
 * @param text as declared
 */
public record TopicPattern(String text) {

    private static final Pattern VALID =
            Pattern.compile("(?:[\\p{L}\\p{N}_-]+|\\*|#)(?:\\.(?:[\\p{L}\\p{N}_-]+|\\*|#))*");
    private static final int MAX_LENGTH = 255;

    public TopicPattern {
        if (text.length() > MAX_LENGTH || !VALID.matcher(text).matches()) {
            throw new IllegalArgumentException("Not a topic or a pattern of topics: \"" + abbreviate(text)
                    + "\". Use words of letters, digits, _ and -, separated by dots, at most 255 characters; * stands for one"
                    + " word, # for any number of words.");
        }
    }

    /** Whether this is a pattern and not a plain topic. */
    public boolean isPattern() {
        return text.indexOf('*') >= 0 || text.indexOf('#') >= 0;
    }

    /** The regular expression of a pattern, which PostgreSQL and Java read alike; null for a plain topic. */
    public @Nullable String regex() {
        if (!isPattern()) {
            return null;
        }
        // Each word is matched with the dot before it, and the topic is given a dot in front of it: ".order.placed".
        String words = Stream.of(text.split("\\."))
                .map(word -> switch (word) {
                    case "*" -> "\\.[^.]+";
                    case "#" -> "(\\.[^.]+)*";
                    default -> "\\." + word;
                })
                .collect(Collectors.joining());
        return "^" + words + "$";
    }

    /** The patterns among topics as one regular expression; null if there are none. */
    public static @Nullable String regexOf(Collection<TopicPattern> topics) {
        String regexes = topics.stream()
                .map(TopicPattern::regex)
                .filter(Objects::nonNull)
                .collect(Collectors.joining("|"));
        return regexes.isEmpty() ? null : regexes;
    }

    /** Whether a topic matches. */
    public boolean matches(String topic) {
        String regex = regex();
        return regex == null ? text.equals(topic) : Pattern.matches(regex, "." + topic);
    }

    private static String abbreviate(String text) {
        return text.length() <= 80 ? text : text.substring(0, 80) + "… (" + text.length() + " characters)";
    }
}
