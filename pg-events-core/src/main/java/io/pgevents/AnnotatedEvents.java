package io.pgevents;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads {@link PgEvent} from the class of a payload, its superclasses and its interfaces. */
final class AnnotatedEvents {

    private static final ClassValue<Description> DESCRIPTIONS = new ClassValue<>() {
        @Override
        protected Description computeValue(Class<?> type) {
            return Description.of(type);
        }
    };

    private AnnotatedEvents() {}

    static @Nullable String typeName(Class<?> type) {
        Description description = DESCRIPTIONS.get(type);
        return description.topic().isEmpty() ? null : description.typeName();
    }

    static OutgoingEvent describe(Object payload) {
        if (payload instanceof OutgoingEvent event) {
            return event;
        }
        Class<?> type = payload.getClass();
        Description description = DESCRIPTIONS.get(type);
        if (description.topic().isEmpty()) {
            throw new InvalidEventException(type.getName() + " does not say its topic. Annotate the class with"
                    + " @PgEvent(\"some.topic\"), or name the topic: publisher.publish(\"some.topic\", payload).");
        }
        return OutgoingEvent.of(description.topic(), payload).withKey(description.keyOf(payload));
    }

    private record Description(
            String topic, String typeName, @Nullable Method keyAccessor) {

        static Description of(Class<?> type) {
            PgEvent annotation = find(type);
            if (annotation == null) {
                return new Description("", type.getSimpleName(), null);
            }
            boolean own = type.isAnnotationPresent(PgEvent.class);
            String typeName = own && !annotation.type().isEmpty() ? annotation.type() : type.getSimpleName();
            return new Description(annotation.value(), typeName, accessor(type, annotation.key()));
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
}
