package io.pgevents.boot.listener;

import io.pgevents.Event;
import io.pgevents.PayloadConversionException;
import io.pgevents.capture.RowChangeReader;
import io.pgevents.codec.EventCodec;
import io.pgevents.subscription.EventHandler.RawEvent;
import java.lang.reflect.Type;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** How the JSON of an event becomes what a handler takes. */
sealed interface PayloadType {

    /** The type names that are known, or null if any event is taken. */
    @Nullable
    Set<String> knownTypes();

    /** The type of the Java object for an event. */
    Type typeOf(RawEvent event);

    /** The event with its converted payload. */
    default Event<Object> read(RawEvent event, EventCodec codec) {
        return new Event<>(event.metadata(), codec.read(event.payload(), typeOf(event)));
    }

    /**
     * Every event is read as one type.
     *
     * @param type what the parameter says, type variables resolved
     */
    record Fixed(Type type) implements PayloadType {

        @Override
        public @Nullable Set<String> knownTypes() {
            return null;
        }

        @Override
        public Type typeOf(RawEvent event) {
            return type;
        }
    }

    /**
     * The class is looked up by the event's type name.
     *
     * @param declared the sealed type of the parameter
     * @param byName its concrete classes
     */
    record Sealed(Class<?> declared, Map<String, Class<?>> byName) implements PayloadType {

        public Sealed {
            byName = Map.copyOf(byName);
        }

        @Override
        public Set<String> knownTypes() {
            return byName.keySet();
        }

        @Override
        public Type typeOf(RawEvent event) {
            String name = event.metadata().type();
            Class<?> type = name == null ? null : byName.get(name);
            if (type != null) {
                return type;
            }
            throw new PayloadConversionException(
                    (name == null ? "The event has no type name" : "The event's type name is \"" + name + "\"")
                            + ", so it cannot be told which class of " + declared.getName()
                            + " it is. Publish it with one of these type names: " + new TreeSet<>(byName.keySet())
                            + ".",
                    null);
        }
    }

    /**
     * Every event is a captured change of a row.
     *
     * @param change the kind, and the type of a row
     * @param reader reads them
     */
    record Changes(ChangeType change, RowChangeReader reader) implements PayloadType {

        @Override
        public @Nullable Set<String> knownTypes() {
            return change.eventTypes();
        }

        @Override
        public Type typeOf(RawEvent event) {
            return change.kind();
        }

        @Override
        public Event<Object> read(RawEvent event, EventCodec codec) {
            return new Event<>(
                    event.metadata(),
                    reader.read(event.payload(), event.metadata().createdAt()));
        }
    }
}
