package io.pgevents.boot.listener;

import io.pgevents.capture.RowChange;
import io.pgevents.capture.RowChange.Operation;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The kind of changes a method takes, and what their rows are mapped to.
 *
 * @param kind {@link RowChange} or one of its kinds
 * @param row the type of a row
 */
record ChangeType(Class<?> kind, Type row) {

    private static final String ACTION =
            "Take RowChange<Profile>, where Profile is a record with the names of the columns;"
                    + " or one kind of it, RowChange.Updated<Profile>; or a List of either.";
    private static final Map<Class<?>, Operation> OPERATIONS = Map.of(
            RowChange.Inserted.class, Operation.INSERT,
            RowChange.Updated.class, Operation.UPDATE,
            RowChange.Deleted.class, Operation.DELETE,
            RowChange.Truncated.class, Operation.TRUNCATE);

    /** Reads it from what a method takes. */
    static ChangeType of(MethodPlace place, HandlerSignature signature) {
        if (signature.payload() instanceof PayloadType.Fixed fixed
                && fixed.type() instanceof ParameterizedType change
                && change.getRawType() instanceof Class<?> kind
                && RowChange.class.isAssignableFrom(kind)) {
            return new ChangeType(kind, change.getActualTypeArguments()[0]);
        }
        throw place.error("takes no row change.", ACTION);
    }

    /** The operations that can be behind such a change. */
    Set<Operation> operations() {
        Operation one = OPERATIONS.get(kind);
        return one == null ? EnumSet.allOf(Operation.class) : EnumSet.of(one);
    }

    /** The type names of the events that can be such a change; null for any. */
    @Nullable
    Set<String> eventTypes() {
        return kind == RowChange.class ? null : Set.of(kind.getSimpleName().toLowerCase(Locale.ROOT));
    }
}
