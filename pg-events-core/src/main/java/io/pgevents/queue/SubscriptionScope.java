package io.pgevents.queue;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whose events a claim takes.
 *
 * @param subscription the name
 * @param knownTypes only events of these types or without a type; null for all
 * @param maxAttempts the attempts of an event that does not say its own
 */
public record SubscriptionScope(
        String subscription, @Nullable Set<String> knownTypes, int maxAttempts) {

    @Nullable
    List<String> knownTypeList() {
        return knownTypes == null ? null : List.copyOf(knownTypes);
    }
}
