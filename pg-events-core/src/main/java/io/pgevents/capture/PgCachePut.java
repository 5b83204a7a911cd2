package io.pgevents.capture;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Puts what a row has become into a cache, on every instance, a moment after the commit, so that readers do not have to
 * load it again. The method makes the value of a row: it takes one parameter, the row, as
 * {@link RowChange} maps it.
 *
 * <pre>{@code
 * @PgCachePut(cache = "counters", table = "profile", key = "name")
 * Counters counters(ProfileRow row) { return new Counters(row.followers(), row.likes()); }
 * }</pre>
 *
 * <p>If it returns null or throws, or the row is deleted, the entry goes. A row that gets another key loses its old entry. The rest
 * is as for {@link PgCacheEvict}.
 */
@Documented
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
public @interface PgCachePut {

    /** The cache, or several; placeholders are resolved. */
    String[] cache();

    /** The table, as in SQL; placeholders are resolved. */
    String table();

    /** The columns whose values make the key of the entry; at least one. */
    String[] key();

    /**
     * The types of the parameters of the cached method, one for each key column: {@code int.class}. By default those of
     * the columns: {@code Long} for {@code bigint}, {@code Integer}, {@code Short}, {@code Boolean}, {@code UUID},
     * {@code BigDecimal} for {@code numeric}, {@code Float}, {@code Double}, {@code LocalDate}, {@code LocalTime},
     * {@code LocalDateTime}, {@code Instant} for {@code timestamptz}, and {@code String} for everything else.
     * If {@code @Cacheable} methods look into the cache, but none of them by such keys, the application does not start.
     */
    Class<?>[] keyTypes() default {};
}
