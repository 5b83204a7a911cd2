package io.pgevents.capture;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgevents.PayloadConversionException;
import io.pgevents.codec.EventCodec;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Turns the JSON image of a row into what the application wants. Columns get the names of components beside their own,
 * {@code display_name} as {@code displayName}; values that PostgreSQL prints in a way of its own become what Java
 * reads; the rest is done by the codec. Numbers keep all their digits. Thread-safe.
 */
final class RowImage {

    /** Keeps every digit of a number. */
    static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private static final Pattern SEPARATED = Pattern.compile("[^\\p{L}\\p{N}]+([\\p{L}\\p{N}])");

    private final EventCodec codec;
    private final Type type;
    private final RecordComponent @Nullable [] components;

    RowImage(EventCodec codec, Type type) {
        this.codec = codec;
        this.type = type;
        this.components = raw(type) instanceof Class<?> plain ? plain.getRecordComponents() : null;
    }

    /**
     * A row.
     *
     * @throws PayloadConversionException if it does not fit
     */
    Object read(ObjectNode row, String table) {
        if (type instanceof Class<?> plain && plain.isAssignableFrom(ObjectNode.class) && plain != Object.class) {
            return row;
        }
        try {
            if (raw(type) == Map.class) {
                return Objects.requireNonNull(JSON.readValue(row.toString(), JSON.constructType(type)));
            }
            return codec.read(JSON.writeValueAsString(named(row, table)), type);
        } catch (PayloadConversionException | JsonProcessingException ex) {
            throw new PayloadConversionException(
                    "A row of " + table + " does not fit " + type.getTypeName() + ": " + ex.getMessage(), ex);
        }
    }

    private ObjectNode named(ObjectNode row, String table) {
        ObjectNode named = JSON.createObjectNode();
        if (components == null) {
            row.properties().forEach(column -> named.set(camelCase(column.getKey()), column.getValue()));
        }
        named.setAll(row);
        if (components != null) {
            for (RecordComponent component : components) {
                String column = columnOf(component, row, table);
                if (column != null) {
                    JsonNode value = ColumnValue.of(row.get(column), component.getGenericType());
                    checkNull(value, column, component, table);
                    // Under its own name as well, for components that Jackson's annotations rename.
                    named.set(column, value);
                    named.set(component.getName(), value);
                }
            }
        }
        return named;
    }

    private static @Nullable String columnOf(RecordComponent component, ObjectNode row, String table) {
        if (row.has(component.getName())) {
            return component.getName();
        }
        for (Map.Entry<String, JsonNode> each : row.properties()) {
            if (camelCase(each.getKey()).equals(component.getName())) {
                return each.getKey();
            }
        }
        if (component.getType().isPrimitive()) {
            throw new PayloadConversionException(
                    "The table " + table + " has no column for the component " + describe(component) + "; it has "
                            + row.properties().stream().map(Map.Entry::getKey).toList()
                            + ". Rename the component, or give it a type that can be null.",
                    null);
        }
        return null;
    }

    private static void checkNull(JsonNode value, String column, RecordComponent component, String table) {
        if (value.isNull() && component.getType().isPrimitive()) {
            throw new PayloadConversionException(
                    "The column " + column + " of " + table + " is null, but the component " + describe(component)
                            + " cannot be null. Give it a type that can.",
                    null);
        }
    }

    private static String describe(RecordComponent component) {
        return component.getType() + " " + component.getName() + " of "
                + component.getDeclaringRecord().getName();
    }

    private static Type raw(Type type) {
        return type instanceof ParameterizedType parameterized ? parameterized.getRawType() : type;
    }

    static String camelCase(String column) {
        return SEPARATED.matcher(column).replaceAll(found -> found.group(1).toUpperCase(Locale.ROOT));
    }
}
