package io.pgevents.boot.cache;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgevents.boot.listener.BeanMethod;
import io.pgevents.boot.listener.MethodPlace;
import io.pgevents.capture.PgCacheEvict;
import io.pgevents.capture.PgCachePut;
import io.pgevents.capture.RowChange;
import io.pgevents.capture.RowChangeReader;
import io.pgevents.codec.EventCodec;
import io.pgevents.live.LiveEvent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.cache.annotation.CacheConfig;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.core.annotation.AnnotatedElementUtils;

/** Reads the annotations of caches that follow tables, or says what is wrong with them. */
final class CacheBinder {

    private final ConfigurableListableBeanFactory beans;
    private final EventCodec codec;

    CacheBinder(ConfigurableListableBeanFactory beans, EventCodec codec) {
        this.beans = beans;
        this.codec = codec;
    }

    /**
     * What an annotation says.
     *
     * @param caches the names of the caches
     * @param key the key of an entry
     * @param reader reads changes
     * @param value makes new values, or null
     */
    record Bound(List<String> caches, CacheKey key, RowChangeReader reader, FollowedCache.@Nullable RowValue value) {

        FollowedCache handler(Supplier<List<GuardedCache>> named) {
            return new FollowedCache(named, key, reader, value);
        }
    }

    Bound evicting(MethodPlace place, PgCacheEvict annotation) {
        Cacheable cacheable = AnnotatedElementUtils.findMergedAnnotation(place.method(), Cacheable.class);
        if (cacheable == null) {
            throw place.error(
                    "is annotated with @PgCacheEvict, but not with @Cacheable.",
                    "Put it beside the @Cacheable whose entries have to go.");
        }
        List<String> columns = List.of(annotation.key());
        boolean ownKey = !cacheable.key().isEmpty() || !cacheable.keyGenerator().isEmpty();
        if (ownKey && !columns.isEmpty()) {
            throw place.error(
                    "is annotated with a key of its own in @Cacheable, which a row does not have.",
                    "Leave the key of @Cacheable out, so that the parameters are the key; or the key of @PgCacheEvict, so"
                            + " that every change clears the cache.");
        }
        Type[] parameters = place.method().getGenericParameterTypes();
        CacheKey key = key(place, columns, columns.isEmpty() ? List.of() : List.of(parameters));
        return new Bound(caches(place, cacheable), key, new RowChangeReader(codec, ObjectNode.class), null);
    }

    Bound putting(MethodPlace place, PgCachePut annotation) {
        List<String> columns = List.of(annotation.key());
        Type[] parameters = place.method().getGenericParameterTypes();
        if (columns.isEmpty() || parameters.length != 1 || place.method().getReturnType() == void.class) {
            throw place.error(
                    "cannot make the values of a cache.",
                    "Give @PgCachePut the key columns; take one parameter, the row; and return the value.");
        }
        List<? extends Type> types = List.of(annotation.keyTypes());
        CacheKey key = key(
                place,
                columns,
                types.isEmpty()
                        ? columns.stream().<Type>map(each -> String.class).toList()
                        : List.copyOf(types));
        BeanMethod method = new BeanMethod(beans, place);
        method.check();
        RowChangeReader rows = new RowChangeReader(codec, parameters[0]);
        List<String> names = Arrays.stream(annotation.cache())
                .map(each -> resolved(place, each))
                .toList();
        FollowedCache.RowValue value = change -> method.call(new Object[] {row(rows, change)});
        return new Bound(names, key, new RowChangeReader(codec, ObjectNode.class), value);
    }

    private static @Nullable Object row(RowChangeReader rows, LiveEvent change) {
        RowChange<Object> read = rows.read(change.payload(), change.createdAt());
        return read instanceof RowChange.Updated<Object> updated
                ? updated.row()
                : ((RowChange.Inserted<Object>) read).row();
    }

    private CacheKey key(MethodPlace place, List<String> columns, List<Type> types) {
        try {
            return new CacheKey(columns, types, codec);
        } catch (IllegalArgumentException ex) {
            throw place.error(
                    "has another number of parameters than its annotation has key columns. " + ex.getMessage() + ".",
                    "Name one column for each parameter, in their order.",
                    ex);
        }
    }

    private List<String> caches(MethodPlace place, Cacheable cacheable) {
        List<String> names = List.of(cacheable.cacheNames());
        CacheConfig shared = AnnotatedElementUtils.findMergedAnnotation(place.beanClass(), CacheConfig.class);
        if (names.isEmpty() && shared != null) {
            names = List.of(shared.cacheNames());
        }
        if (names.isEmpty()) {
            throw place.error("names no cache.", "Name it in @Cacheable or @CacheConfig.");
        }
        return names;
    }

    /** A text with its placeholders resolved. */
    String resolved(MethodPlace place, String text) {
        String resolved = beans.resolveEmbeddedValue(text);
        if (resolved == null || resolved.isBlank() || resolved.contains("${")) {
            throw place.error("has an attribute that cannot be resolved: " + text + ".", "Set the property.");
        }
        return resolved;
    }
}
