package io.pgevents;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What {@link PgEvent} says of a class.
 *
 * @param topic empty if the class is not annotated
 * @param typeName the type name stored with the event
 * @param keyAccessor reads the ordering key, or null if there is none
 */
record EventDescription(
        String topic, String typeName, @Nullable Method keyAccessor) {

    static EventDescription of(Class<?> type) {
        PgEvent annotation = find(type);
        if (annotation == null) {
            return new EventDescription("", type.getSimpleName(), null);
        }
        boolean own = type.isAnnotationPresent(PgEvent.class);
        String typeName = own && !annotation.type().isEmpty() ? annotation.type() : type.getSimpleName();
        return new EventDescription(annotation.value(), typeName, accessor(type, annotation.key()));
    }

    @Nullable
    String keyOf(Object payload) {
        if (keyAccessor == null) {
            return null;
        }
        try {
            Object key = keyAccessor.invoke(payload);
            return key == null ? null : key.toString();
        } catch (IllegalAccessException | InvocationTargetException ex) {
            throw new InvalidEventException(
                    "The key of " + payload.getClass().getName() + " cannot be read by " + keyAccessor + ": "
                            + ex.getMessage(),
                    ex);
        }
    }

    private static @Nullable PgEvent find(Class<?> type) {
        for (Class<?> each = type; each != null; each = each.getSuperclass()) {
            PgEvent own = each.getAnnotation(PgEvent.class);
            if (own != null) {
                return own;
            }
            for (Class<?> contract : each.getInterfaces()) {
                PgEvent inherited = find(contract);
                if (inherited != null) {
                    return inherited;
                }
            }
        }
        return null;
    }

    private static @Nullable Method accessor(Class<?> type, String property) {
        if (property.isEmpty()) {
            return null;
        }
        String getter = "get" + property.substring(0, 1).toUpperCase(Locale.ROOT) + property.substring(1);
        Method method = publicMethod(type, property);
        if (method == null) {
            method = publicMethod(type, getter);
        }
        if (method != null && method.trySetAccessible()) {
            return method;
        }
        throw new InvalidEventException("@PgEvent of " + type.getName() + " names the key \"" + property
                + "\", but there is no accessible public method " + property + "() or " + getter + "().");
    }

    private static @Nullable Method publicMethod(Class<?> type, String name) {
        return Arrays.stream(type.getMethods())
                .filter(method -> method.getName().equals(name) && method.getParameterCount() == 0)
                .findFirst()
                .orElse(null);
    }
}
