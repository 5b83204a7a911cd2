package io.pgevents.boot.cache;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgevents.PayloadConversionException;
import io.pgevents.capture.RowChange;
import io.pgevents.capture.RowChangeReader;
import io.pgevents.live.BroadcastSubscription;
import io.pgevents.live.LiveEvent;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries the changes of one table over to the caches of one name. What cannot be understood clears them: an entry that is
 * gone is right.
 *
 * @param caches the caches of the name
 * @param key the key of a row's entry
 * @param reader reads changes, with rows as JSON trees
 * @param value makes the new value of a row; null if entries only go
 */
record FollowedCache(
        Supplier<List<GuardedCache>> caches,
        CacheKey key,
        RowChangeReader reader,
        @Nullable RowValue value) implements BroadcastSubscription.Handler {

    private static final Logger log = LoggerFactory.getLogger(FollowedCache.class);

    /** Makes the value of a row that was inserted or updated. */
    @FunctionalInterface
    interface RowValue {

        /** The value; null if there is none. */
        @Nullable
        Object of(LiveEvent change) throws Exception;
    }

    @Override
    public void received(LiveEvent event) {
        try {
            carryOver(reader.read(event.payload(), event.createdAt()), event);
        } catch (PayloadConversionException ex) {
            log.warn("A change on {} is not understood, so the caches that follow it are cleared", event.topic(), ex);
            gap();
        }
    }

    /** Clears the caches; one that is away is cleared before it is read again. */
    @Override
    public void gap() {
        tell(GuardedCache::allChanged);
    }

    /** A cache is there for whoever reads it. */
    @Override
    public boolean keepsAlive() {
        return false;
    }

    /** One that is away must not keep the others from being told. */
    private void tell(Consumer<GuardedCache> change) {
        for (GuardedCache cache : caches.get()) {
            try {
                change.accept(cache);
            } catch (RuntimeException ex) {
                log.warn("The cache {} cannot be changed; it is cleared before it is read again", cache.getName(), ex);
            }
        }
    }

    private void carryOver(RowChange<Object> change, LiveEvent event) {
        if (key.isNone()) {
            gap();
        } else if (change instanceof RowChange.Inserted<Object> inserted) {
            now((JsonNode) inserted.row(), event);
        } else if (change instanceof RowChange.Updated<Object> updated && updated.oldRow() instanceof JsonNode old) {
            updated(old, (JsonNode) updated.row(), event);
        } else if (change instanceof RowChange.Deleted<Object> deleted) {
            gone(key.of((JsonNode) deleted.oldRow()));
        } else {
            // All rows are gone, or nobody knows which key the row had.
            gap();
        }
    }

    private void updated(JsonNode old, JsonNode row, LiveEvent event) {
        Object before = key.of(old);
        if (!before.equals(key.of(row))) {
            gone(before);
        }
        now(row, event);
    }

    private void now(JsonNode row, LiveEvent event) {
        Object changed = key.of(row);
        Object made = make(event);
        if (made == null) {
            gone(changed);
        } else {
            tell(cache -> cache.changed(changed, made));
        }
    }

    private @Nullable Object make(LiveEvent event) {
        try {
            return value == null ? null : value.of(event);
        } catch (Exception ex) {
            log.warn("The new value for a cache could not be made, so its entry is taken away", ex);
            return null;
        }
    }

    private void gone(Object changed) {
        tell(cache -> cache.changed(changed));
    }
}
