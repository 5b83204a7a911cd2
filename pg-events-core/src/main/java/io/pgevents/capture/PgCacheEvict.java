package io.pgevents.capture;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Keeps what a {@code @Cacheable} method has cached right: when a table changes, the entry goes, on every instance, a
 * moment after the commit; whoever changes the table, and in whatever language.
 *
 * <pre>{@code
 * @Cacheable("counters")
 * @PgCacheEvict(table = "profile", key = "name")
 * Counters counters(String name) { ... }
 * }</pre>
 *
 * <p>The columns of {@link #key()} are the parameters of the method, in their order; the entries of the row before the
 * change and of the row after it go. Without columns, every change clears the cache. It may be repeated, for values that
 * come from several tables. If changes may have been missed, and at
 * each start, the cache is cleared.
 *
 * <p>A value that was read before a change is not stored after it. That needs the lookup, the loading and the storing to
 * be on one thread; what is loaded in a transaction is stored after its commit. Reactive methods need
 * {@code sync = true}. The changes are captured by triggers, as for {@link PgChanges}.
 */
@Documented
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Repeatable(PgCacheEvict.All.class)
public @interface PgCacheEvict {

    /** The table, as in SQL; placeholders are resolved. */
    String table();

    /** The columns whose values are the parameters of the method; none, if every change clears the cache. */
    String[] key() default {};

    /** Only updates that change one of these columns count; none for all. Inserts and deletes always count. */
    String[] columns() default {};

    /** Several of them. */
    @Documented
    @Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
    @Retention(RetentionPolicy.RUNTIME)
    @interface All {

        /** Each of them. */
        PgCacheEvict[] value();
    }
}
