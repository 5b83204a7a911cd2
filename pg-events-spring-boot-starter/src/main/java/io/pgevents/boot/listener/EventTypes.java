package io.pgevents.boot.listener;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.pgevents.PgEvent;
import java.lang.reflect.Modifier;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;

/** What classes say about events: whether they are some, by what type name, and which types a sealed one permits. */
final class EventTypes {

    private EventTypes() {}

    /** Whether the class, a superclass or an interface of it is annotated with {@link PgEvent}. */
    static boolean isEvent(Class<?> type) {
        return MergedAnnotations.from(type, SearchStrategy.TYPE_HIERARCHY).stream(PgEvent.class)
                .anyMatch(annotation -> annotation.getDistance() == 0);
    }

    /** The name under which objects of a class are published. */
    static String typeName(Class<?> type) {
        PgEvent own = type.getDeclaredAnnotation(PgEvent.class);
        return own == null || own.type().isEmpty() ? type.getSimpleName() : own.type();
    }

    /**
     * The concrete classes of a sealed type by their type names; null if it is not sealed, or if Jackson's own
     * annotations say how its classes are told apart.
     */
    static @Nullable Map<String, Class<?>> permitted(Class<?> type, MethodPlace place) {
        if (!type.isSealed() || type.isEnum() || type.isAnnotationPresent(JsonTypeInfo.class)) {
            return null;
        }
        Map<String, Class<?>> byName = new LinkedHashMap<>();
        collect(type, byName, place);
        return byName;
    }

    private static void collect(Class<?> type, Map<String, Class<?>> byName, MethodPlace place) {
        if (type.isEnum() || !Modifier.isAbstract(type.getModifiers())) {
            Class<?> other = byName.putIfAbsent(typeName(type), type);
            if (other != null && other != type) {
                throw place.error(
                        "takes a sealed type, of which two classes have the type name \"" + typeName(type) + "\": "
                                + other.getName() + " and " + type.getName() + ".",
                        "Give one of them another name: @PgEvent(type = \"...\").");
            }
        }
        if (type.isSealed() && !type.isEnum()) {
            for (Class<?> permitted : type.getPermittedSubclasses()) {
                collect(permitted, byName, place);
            }
        }
    }
}
