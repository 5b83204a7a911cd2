package io.pgevents.boot.cache;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgevents.PayloadConversionException;
import io.pgevents.codec.EventCodec;
import java.lang.reflect.Type;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.interceptor.SimpleKeyGenerator;

/**
 * Makes the key of an entry from a row, as Spring makes it from the parameters of the cached method.
 *
 * @param columns the columns, in the order of the parameters; none for no key
 * @param types the types of the parameters
 * @param codec converts values to them
 */
record CacheKey(List<String> columns, List<Type> types, EventCodec codec) {

    CacheKey {
        if (columns.size() != types.size()) {
            throw new IllegalArgumentException("Not one type for each key column: " + columns + ", " + types);
        }
    }

    boolean isNone() {
        return columns.isEmpty();
    }

    /**
     * The key of a row.
     *
     * @throws PayloadConversionException if the row does not have a column, or its value does not fit
     */
    Object of(JsonNode row) {
        Object[] values = new Object[columns.size()];
        for (int place = 0; place < values.length; place++) {
            values[place] = value(row, columns.get(place), types.get(place));
        }
        return SimpleKeyGenerator.generateKey(values);
    }

    private @Nullable Object value(JsonNode row, String column, Type type) {
        JsonNode value = row.get(column);
        if (value == null) {
            throw new PayloadConversionException("The row has no column " + column + " any more", null);
        }
        return value.isNull() ? null : codec.read(value.toString(), type);
    }
}
