package io.pgevents.capture;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.time.OffsetTime;
import java.util.Base64;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Values of columns as the codec reads them. The elements of arrays are converted as well. */
final class ColumnValue {

    private static final Pattern BYTES = Pattern.compile("\\\\x(?:[0-9a-f]{2})*");
    private static final Pattern HOUR_OFFSET = Pattern.compile(".*[+-]\\d\\d");

    private ColumnValue() {}

    /** What the value has to be for a type; the value itself where nothing has to be done. */
    static JsonNode of(JsonNode value, Type type) {
        if (value instanceof ArrayNode array && !(type instanceof Class<?> plain && plain == String.class)) {
            return elements(array, elementOf(type));
        }
        if (!(type instanceof Class<?> wanted)) {
            return value;
        }
        if (value.isTextual()) {
            return TextNode.valueOf(text(value.textValue(), wanted));
        }
        // A document where the application wants its text.
        return wanted == String.class && !value.isNull() ? TextNode.valueOf(value.toString()) : value;
    }

    private static JsonNode elements(ArrayNode array, @Nullable Type element) {
        if (element == null) {
            return array;
        }
        ArrayNode converted = array.arrayNode(array.size());
        array.forEach(each -> converted.add(of(each, element)));
        return converted;
    }

    private static @Nullable Type elementOf(Type type) {
        if (type instanceof Class<?> plain) {
            return plain.getComponentType();
        }
        if (type instanceof GenericArrayType array) {
            return array.getGenericComponentType();
        }
        return type instanceof ParameterizedType generic
                        && generic.getRawType() instanceof Class<?> raw
                        && Collection.class.isAssignableFrom(raw)
                ? generic.getActualTypeArguments()[0]
                : null;
    }

    private static String text(String text, Class<?> wanted) {
        if (wanted == byte[].class && BYTES.matcher(text).matches()) {
            return Base64.getEncoder().encodeToString(HexFormat.of().parseHex(text, 2, text.length()));
        }
        if (wanted == OffsetTime.class && HOUR_OFFSET.matcher(text).matches()) {
            return text + ":00";
        }
        return wanted.isEnum() ? constant(text, wanted) : text;
    }

    /** The constant for a label: the one of that name, or the one that is spelled as Java does, IN_STOCK for in-stock. */
    private static String constant(String label, Class<?> wanted) {
        String spelled = label.replaceAll("[^\\p{L}\\p{N}]", "_").toUpperCase(Locale.ROOT);
        boolean exact = Stream.of(wanted.getEnumConstants())
                .anyMatch(each -> ((Enum<?>) each).name().equals(label));
        return exact
                ? label
                : Stream.of(wanted.getEnumConstants())
                        .map(each -> ((Enum<?>) each).name())
                        .filter(name -> name.toUpperCase(Locale.ROOT).equals(spelled))
                        .findFirst()
                        .orElse(label);
    }
}
