package io.pgevents.capture;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Makes what a {@code @Cacheable} method has cached follow a table: when it changes, the entry goes, on every instance, a
 * moment after the commit; whoever changes the table, and in whatever language.
 *
 * <pre>{@code
 * @Cacheable("counters")
 * @PgCacheEvict(table = "profile", key = "name")
 * Counters counters(String name) { ... }
 * }</pre>
 *
 * <p><b>Keys.</b> The columns of {@link #key()} are the parameters of the method, in their order, as Spring's
 * {@code SimpleKeyGenerator} makes a key of them; the entries of the row before the change and of the row after it go.
 * Without columns, every change clears the cache. The types of the parameters say what the values are, so they may not be
 * {@code Object}, {@code Number}, or a type variable that the class of the bean leaves open. Keys are compared by Java:
 * where the server takes different values for one ({@code citext}, {@code char(n)}, {@code numeric},
 * {@code timestamptz}), an entry that was cached under another spelling than the row's stays, so spell them as the column
 * does. The annotation may be repeated, for values that come from several tables.
 *
 * <p><b>What is stored.</b> A value that was read before a change is not stored after it. That needs the lookup, the
 * loading and the storing to be on one thread; what is loaded in a transaction is stored after its commit, unless it was
 * rolled back to a savepoint, or reads from an old snapshot ({@code REPEATABLE READ}). Reactive methods need
 * {@code sync = true}. {@code @CachePut} and {@code Cache.put} without a lookup on the same thread only take the entry
 * away, and {@code putIfAbsent} stores nothing, because nobody knows when their value was read. What is loaded while a
 * JPA persistence context that holds entities is bound to the thread is not stored either; an entity from a second-level
 * cache may be older than the change and is not noticed, so do not cache such entities twice. An entry that the
 * application takes away in a transaction, by {@code @CacheEvict} or by a put, goes at once, and once more after the
 * commit, whether the cache manager is transaction-aware or not.
 *
 * <p><b>When it is out of date.</b> An entry is, while its change is on the way: milliseconds, or for as long as the
 * database is away. If changes may have been missed, the cache is cleared; also by each start and each stop of each
 * instance, even if others share the cache. Before the start and after the stop nothing is found in it. A
 * process that is killed between storing an old value and hearing of its change leaves that in a shared cache, so give
 * the entries of a shared cache a time to live. A cache that is away when a change comes is cleared before this instance
 * reads it again.
 *
 * <p>The changes are captured by triggers, as for {@link PgChanges}.
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

    /**
     * Only updates that change one of these columns, or one of the key, count; none for all. Inserts and deletes always
     * count.
     */
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
