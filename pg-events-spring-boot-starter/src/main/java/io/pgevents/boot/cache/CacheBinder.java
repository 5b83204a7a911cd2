package io.pgevents.boot.cache;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgevents.boot.listener.BeanMethod;
import io.pgevents.boot.listener.MethodPlace;
import io.pgevents.capture.Capture;
import io.pgevents.capture.Capture.Filter;
import io.pgevents.capture.PgCacheEvict;
import io.pgevents.capture.PgCachePut;
import io.pgevents.capture.RowCaptures;
import io.pgevents.capture.RowChange;
import io.pgevents.capture.RowChangeReader;
import io.pgevents.codec.EventCodec;
import io.pgevents.live.LiveEvent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.cache.annotation.Cacheable;

/** Reads the annotations of caches that follow tables, or says what is wrong with them. */
final class CacheBinder {

    private final ConfigurableListableBeanFactory beans;
    private final EventCodec codec;
    private final RowCaptures captures;
    private final KeyColumns keyColumns;
    private final SpringCaching caching;
    private final CacheReaders readers;

    CacheBinder(ConfigurableListableBeanFactory beans, EventCodec codec, RowCaptures captures, KeyColumns keyColumns) {
        this.beans = beans;
        this.codec = codec;
        this.captures = captures;
        this.keyColumns = keyColumns;
        this.caching = new SpringCaching(beans);
        this.readers = new CacheReaders(beans, caching);
    }

    /**
     * What an annotation says.
     *
     * @param caches the names of the caches
     * @param capture the changes they follow
     * @param key the key of an entry
     * @param reader reads changes
     * @param value makes new values, or null
     */
    record Bound(
            List<String> caches,
            Capture capture,
            CacheKey key,
            RowChangeReader reader,
            FollowedCache.@Nullable RowValue value) {

        FollowedCache handler(Supplier<List<GuardedCache>> named) {
            return new FollowedCache(named, key, reader, value);
        }
    }

    Bound evicting(MethodPlace place, PgCacheEvict annotation) {
        Cacheable cacheable = SpringCaching.cacheable(place);
        if (cacheable == null) {
            throw place.error(
                    "is annotated with @PgCacheEvict, but not with @Cacheable.",
                    "Put it beside the @Cacheable whose entries have to go.");
        }
        List<String> key = List.of(annotation.key());
        List<Type> types = key.isEmpty() ? List.of() : KeyTypes.ofParameters(place);
        if (!key.isEmpty()) {
            checkKeys(place, cacheable, key, types);
        }
        List<String> names = caching.caches(place, cacheable);
        Capture capture = capture(place, annotation.table(), counting(annotation));
        KeyColumns.warn(place, keyColumns.of(place, capture, key), types);
        return new Bound(names, capture, new CacheKey(key, types, codec), trees(), null);
    }

    private void checkKeys(MethodPlace place, Cacheable cacheable, List<String> key, List<Type> types) {
        String maker = caching.keyMaker(place, cacheable);
        if (maker != null) {
            throw place.error(
                    "gets a key of its own from " + maker + ", which a row does not have.",
                    "Leave that out, or give @Cacheable a keyGenerator that is Spring's SimpleKeyGenerator, so that the"
                            + " parameters are the key; or leave out the key of @PgCacheEvict, so that every change clears"
                            + " the cache.");
        }
        if (key.size() != types.size()) {
            throw place.error(
                    "has another number of parameters than its annotation has key columns: " + types.size()
                            + " parameters, and " + key + ".",
                    "Name one column for each parameter, in their order.");
        }
        KeyTypes.check(place, types);
    }

    /** A row that gets another key has changed for its old one, whatever else counts. */
    private static List<String> counting(PgCacheEvict annotation) {
        return annotation.columns().length == 0
                ? List.of()
                : Stream.of(annotation.columns(), annotation.key())
                        .flatMap(Arrays::stream)
                        .toList();
    }

    Bound putting(MethodPlace place, PgCachePut annotation) {
        List<String> columns = List.of(annotation.key());
        List<Type> parameters = KeyTypes.ofParameters(place);
        if (columns.isEmpty() || parameters.size() != 1 || place.method().getReturnType() == void.class) {
            throw place.error(
                    "cannot make the values of a cache.",
                    "Give @PgCachePut the key columns; take one parameter, the row; and return the value.");
        }
        BeanMethod method = new BeanMethod(beans, place);
        method.check();
        Capture capture = capture(place, annotation.table(), List.of());
        List<KeyColumn> key = keyColumns.of(place, capture, columns);
        List<Class<?>> types = keyTypes(place, annotation, key);
        KeyColumns.warn(place, key, List.copyOf(types));
        List<String> names = Arrays.stream(annotation.cache())
                .map(each -> resolved(place, each))
                .toList();
        names.forEach(each -> readers.check(place, each, types));
        RowChangeReader rows = new RowChangeReader(codec, parameters.get(0));
        FollowedCache.RowValue value = change -> method.call(new Object[] {row(rows, change)});
        return new Bound(names, capture, new CacheKey(columns, List.copyOf(types), codec), trees(), value);
    }

    private static List<Class<?>> keyTypes(MethodPlace place, PgCachePut annotation, List<KeyColumn> key) {
        List<Class<?>> declared = List.of(annotation.keyTypes());
        if (declared.isEmpty()) {
            return key.stream().<Class<?>>map(KeyColumn::javaType).toList();
        }
        if (declared.size() != key.size()) {
            throw place.error(
                    "has " + key.size() + " key columns, but " + declared.size() + " types of keys.",
                    "Give keyTypes one type for each key column.");
        }
        KeyTypes.check(place, declared);
        return declared;
    }

    private static @Nullable Object row(RowChangeReader rows, LiveEvent change) {
        RowChange<Object> read = rows.read(change.payload(), change.createdAt());
        return read instanceof RowChange.Updated<Object> updated
                ? updated.row()
                : ((RowChange.Inserted<Object>) read).row();
    }

    private RowChangeReader trees() {
        return new RowChangeReader(codec, ObjectNode.class);
    }

    private Capture capture(MethodPlace place, String table, List<String> columns) {
        try {
            Filter filter = new Filter(Filter.EVERYTHING.operations(), columns, null);
            return captures.declare(resolved(place, table), filter);
        } catch (IllegalArgumentException ex) {
            throw place.refusedCapture("cannot follow a table.", ex);
        }
    }

    /** A text with its placeholders resolved. */
    private String resolved(MethodPlace place, String text) {
        String resolved = beans.resolveEmbeddedValue(text);
        if (resolved == null || resolved.isBlank() || resolved.contains("${")) {
            throw place.error("has an attribute that cannot be resolved: " + text + ".", "Set the property.");
        }
        return resolved;
    }
}
