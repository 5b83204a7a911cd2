package io.pgevents.boot.cache;

import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A column whose values are keys of a cache.
 *
 * @param name its name
 * @param type its type, that behind a domain, as {@code pg_type} has it
 * @param deterministic whether its collation tells all texts apart that are not the same
 */
record KeyColumn(String name, String type, boolean deterministic) {

    private static final Map<String, Class<?>> JAVA = Map.ofEntries(
            Map.entry("int2", Short.class),
            Map.entry("int4", Integer.class),
            Map.entry("int8", Long.class),
            Map.entry("numeric", BigDecimal.class),
            Map.entry("float4", Float.class),
            Map.entry("float8", Double.class),
            Map.entry("bool", Boolean.class),
            Map.entry("uuid", UUID.class),
            Map.entry("date", LocalDate.class),
            Map.entry("time", LocalTime.class),
            Map.entry("timestamp", LocalDateTime.class),
            Map.entry("timestamptz", Instant.class));

    private static final Set<Type> WHOLE_NUMBERS =
            Set.of(long.class, Long.class, int.class, Integer.class, short.class, Short.class);

    /** What its values are in Java, if nobody says otherwise; a text for all that has no type of its own. */
    Class<?> javaType() {
        return JAVA.getOrDefault(type, String.class);
    }

    /**
     * Why the server may take two values for one that Java tells apart.
     *
     * @param key what the values are in Java
     * @return null if it does not
     */
    @Nullable
    String doubt(Type key) {
        if (!deterministic) {
            return "has a collation in which different texts are equal";
        }
        return switch (type) {
            case "citext" -> "is citext, which does not tell \"A\" from \"a\"";
            case "bpchar" -> "is char(n), which is filled up with spaces";
            case "numeric" -> WHOLE_NUMBERS.contains(key) ? null : "is numeric, which does not tell 5 from 5.0";
            case "timestamptz" ->
                key == Instant.class ? null : "is timestamptz, which does not tell 12:00+00 from 13:00+01";
            case "timetz" -> "is timetz, which knows one time with many offsets";
            case "interval" -> "is interval, which does not tell a day from 24 hours";
            default -> null;
        };
    }
}
