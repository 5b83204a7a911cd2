package io.pgevents.boot.listener;

import io.pgevents.PgEventsStartException;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;

/**
 * A text attribute of an annotation, its placeholders resolved.
 *
 * @param place the bean and the method, for messages
 * @param name the attribute
 * @param text what it resolved to
 */
record Attribute(MethodPlace place, String name, String text) {

    @Nullable
    Integer wholeNumber() {
        return parse(Integer::valueOf, "a whole number, for example " + name + " = \"4\"");
    }

    @Nullable
    Double number() {
        return parse(Double::valueOf, "a number, for example " + name + " = \"0.5\"");
    }

    @Nullable
    Duration duration() {
        Duration duration = parse(
                DurationStyle::detectAndParse, "a duration, for example " + name + " = \"30s\", \"500ms\" or \"PT1M\"");
        if (duration != null && duration.isNegative()) {
            throw invalid("a duration of zero or more, for example " + name + " = \"30s\"", null);
        }
        return duration;
    }

    <E extends Enum<E>> @Nullable E oneOf(Class<E> type, String values) {
        return parse(
                value -> Enum.valueOf(type, value.replace('-', '_').toUpperCase(Locale.ROOT)), "one of: " + values);
    }

    private <T> @Nullable T parse(Function<String, T> parser, String expected) {
        if (text.isBlank()) {
            return null;
        }
        try {
            return parser.apply(text.strip());
        } catch (IllegalArgumentException | ArithmeticException ex) {
            throw invalid(expected, ex);
        }
    }

    private PgEventsStartException invalid(String expected, @Nullable Throwable cause) {
        return new PgEventsStartException(
                place.describe() + " is annotated with an invalid value: " + name + " = \"" + text + "\".",
                "Use " + expected + ".",
                cause);
    }
}
