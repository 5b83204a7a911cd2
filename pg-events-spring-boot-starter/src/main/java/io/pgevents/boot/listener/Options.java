package io.pgevents.boot.listener;

import org.jspecify.annotations.Nullable;

/** The rule by which settings of several places are put together. */
final class Options {

    private Options() {}

    static <T> @Nullable T first(@Nullable T one, @Nullable T other) {
        return one != null ? one : other;
    }

    static <T> T orDefault(@Nullable T value, T fallback) {
        return value != null ? value : fallback;
    }
}
