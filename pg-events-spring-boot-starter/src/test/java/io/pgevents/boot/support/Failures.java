package io.pgevents.boot.support;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Looks for a cause. */
public final class Failures {

    private Failures() {}

    /** The first cause of a type. */
    public static <T extends Throwable> T cause(@Nullable Throwable failure, Class<T> type) {
        Throwable each = failure;
        while (each != null && !type.isInstance(each)) {
            each = each.getCause();
        }
        return type.cast(Objects.requireNonNull(each, () -> "no " + type.getName() + " in " + failure));
    }
}
