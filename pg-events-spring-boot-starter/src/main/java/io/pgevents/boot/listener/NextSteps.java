package io.pgevents.boot.listener;

import io.pgevents.OutgoingEvent;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.springframework.core.GenericTypeResolver;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.core.ResolvableType;

/** What a handler returns: nothing, an event, or several of them in a collection, an array or an {@code Optional}. */
final class NextSteps {

    private NextSteps() {}

    /** Says at start what cannot be an event. */
    static void check(MethodPlace place) {
        ResolvableType type = ResolvableType.forType(
                GenericTypeResolver.resolveType(place.method().getGenericReturnType(), place.beanClass()));
        Class<?> raw = type.toClass();
        if (raw == void.class || raw == Void.class) {
            return;
        }
        if (endsLater(raw)) {
            throw place.error(
                    "returns " + type
                            + ": the bus does not wait for it, and the event would count as handled too early.",
                    "Do the work in the method itself. Raise concurrency if more should run at a time.");
        }
        if (!canBeEvents(type)) {
            throw place.error(
                    "returns " + type + ", which is no event.",
                    "Return nothing; or an object whose class is annotated with @PgEvent, an OutgoingEvent, or a collection"
                            + " of those, to publish the next step.");
        }
    }

    /** Whether it is a promise, also one of a reactive library, if there is one. */
    private static boolean endsLater(Class<?> type) {
        return Future.class.isAssignableFrom(type)
                || CompletionStage.class.isAssignableFrom(type)
                || ReactiveAdapterRegistry.getSharedInstance().getAdapter(type) != null;
    }

    /** The events a handler has returned. */
    static List<OutgoingEvent> of(@Nullable Object result) {
        List<OutgoingEvent> events = new ArrayList<>();
        add(result, events);
        return events;
    }

    private static void add(@Nullable Object result, List<OutgoingEvent> events) {
        if (result instanceof Collection<?> several) {
            several.forEach(each -> add(each, events));
        } else if (result instanceof Object[] several) {
            Arrays.asList(several).forEach(each -> add(each, events));
        } else if (result instanceof Optional<?> perhaps) {
            perhaps.ifPresent(each -> add(each, events));
        } else if (result != null) {
            events.add(OutgoingEvent.ofAnnotated(result));
        }
    }

    private static boolean canBeEvents(ResolvableType type) {
        Class<?> raw = type.toClass();
        if (raw.isArray()) {
            return canBeEvents(type.getComponentType());
        }
        if (Collection.class.isAssignableFrom(raw)) {
            return canBeEvents(type.as(Collection.class).getGeneric(0));
        }
        if (raw == Optional.class) {
            return canBeEvents(type.getGeneric(0));
        }
        return canBeEvent(raw);
    }

    private static boolean canBeEvent(Class<?> type) {
        if (type == Object.class || type == OutgoingEvent.class || EventTypes.isEvent(type)) {
            return true;
        }
        if (type.isPrimitive() || type.isEnum() || Map.class.isAssignableFrom(type) || endsLater(type)) {
            return false;
        }
        if (type.isSealed()) {
            return Arrays.stream(type.getPermittedSubclasses()).anyMatch(NextSteps::canBeEvent);
        }
        // Another class may implement it and be annotated.
        return Modifier.isAbstract(type.getModifiers()) && !type.getName().startsWith("java.");
    }
}
