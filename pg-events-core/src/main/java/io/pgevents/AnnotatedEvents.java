package io.pgevents;

import org.jspecify.annotations.Nullable;

/** Reads {@link PgEvent} from the class of a payload, its superclasses and its interfaces. */
final class AnnotatedEvents {

    private static final ClassValue<EventDescription> DESCRIPTIONS = new ClassValue<>() {
        @Override
        protected EventDescription computeValue(Class<?> type) {
            return EventDescription.of(type);
        }
    };

    private AnnotatedEvents() {}

    static @Nullable String typeName(Class<?> type) {
        EventDescription description = DESCRIPTIONS.get(type);
        return description.topic().isEmpty() ? null : description.typeName();
    }

    static OutgoingEvent describe(Object payload) {
        if (payload instanceof OutgoingEvent event) {
            return event;
        }
        Class<?> type = payload.getClass();
        EventDescription description = DESCRIPTIONS.get(type);
        if (description.topic().isEmpty()) {
            throw new InvalidEventException(type.getName() + " does not say its topic. Annotate the class with"
                    + " @PgEvent(\"some.topic\"), or name the topic: publisher.publish(\"some.topic\", payload).");
        }
        return OutgoingEvent.of(description.topic(), payload).withKey(description.keyOf(payload));
    }
}
