package io.pgevents.boot.listener;

import io.pgevents.PgEventsStartException;
import org.jspecify.annotations.Nullable;
import org.springframework.util.StringValueResolver;

/**
 * Resolves the placeholders in the attributes of an annotation.
 *
 * @param place the bean and the method, for messages
 * @param resolver knows the properties
 */
record Placeholders(MethodPlace place, StringValueResolver resolver) {

    /** A text attribute with its placeholders resolved. */
    Attribute attribute(String name, String text) {
        return new Attribute(place, name, resolve(name, text));
    }

    String resolve(String name, String text) {
        try {
            String resolved = resolver.resolveStringValue(text);
            if (resolved != null && !resolved.contains("${")) {
                return resolved;
            }
            throw unresolvable(name, text, null);
        } catch (IllegalArgumentException ex) {
            throw unresolvable(name, text, ex);
        }
    }

    private PgEventsStartException unresolvable(String name, String text, @Nullable Throwable cause) {
        return place.error(
                "is annotated with " + name + " = \"" + text + "\", and no property has a value for the placeholder.",
                "Set the property, or give the placeholder a default: ${name:default}.",
                cause);
    }
}
