package io.pgevents.capture;

import io.pgevents.Retry;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Makes a method of a Spring bean the handler of the changes of a table, whoever makes them: the application, another
 * one, or a person with psql.
 *
 * <pre>{@code
 * @PgChanges(table = "profile")
 * void changed(RowChange<Profile> change) { ... }
 *
 * @PgChanges(table = "profile", columns = "email", condition = "NEW.active")
 * void emailChanged(RowChange.Updated<Profile> change) { ... }
 * }</pre>
 *
 * <p><b>Parameters.</b> {@link RowChange} of a row type, or one of its kinds, which narrows the operations down; or a
 * {@code List} of either, which makes it a batch handler; optionally {@link io.pgevents.EventMetadata} beside a single
 * one. A row is mapped to a record by the names of the columns ({@code display_name} is the component
 * {@code displayName}), or given as {@code Map}, {@code JsonNode} or {@code String}.
 *
 * <p><b>Capture.</b> Triggers of the table write each change in the transaction that makes it, so nothing exists after
 * a rollback. They are installed when the application starts, unless {@code pg-events.capture.mode} says otherwise.
 *
 * <p><b>Delivery</b> is that of a subscription, {@link io.pgevents.PgSubscribe}, with the same settings and results;
 * the changes of a row are handled in order unless {@link #order()} says otherwise. With {@link #broadcast()} every
 * running instance is told. Every text attribute but {@link #onGap()} may contain property placeholders.
 */
@Documented
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
public @interface PgChanges {

    /**
     * The table, as in SQL: {@code profile}, {@code shop.profile}, {@code "Odd Name"} with its quotes. Without a schema
     * the search path of the connection says which one.
     */
    String table();

    /**
     * Which operations. By default all that the parameter can take and {@link #condition()} can be asked for.
     */
    RowChange.Operation[] operations() default {};

    /** Updates only if one of these columns has changed. Other operations are not concerned. */
    String[] columns() default {};

    /**
     * Only rows for which this SQL expression is true. It knows {@code NEW}, the row after an insert or an update, and
     * {@code OLD}, the row before an update or a delete. It may not contain queries.
     *
     * <p>It is a part of the writer's statement, evaluated with the rights and the search path of the writer. An error in
     * it makes that statement fail, so compare columns with constants of their own types, and put a cast behind a check:
     * {@code CASE WHEN NEW.code ~ '^[0-9]{1,9}$' THEN NEW.code::int > 5 END}. Null counts as false.
     */
    String condition() default "";

    /**
     * Whether every running instance is told, live, instead of one of them, durably. Changes made while an instance is
     * not running do not reach it, nothing is tried again, and there are no further settings.
     */
    boolean broadcast() default false;

    /**
     * With {@link #broadcast()}, the method of the same bean, without parameters, that is called when changes may have
     * been missed: what was derived from them has to be read again. Also when the table was created anew.
     */
    String onGap() default "";

    /** The stable name of the subscription, as in {@link io.pgevents.PgSubscribe#subscription()}. */
    String subscription() default "";

    /** {@link io.pgevents.PgSubscribe#TRANSACTIONAL} or {@link io.pgevents.PgSubscribe#LEASED}. */
    String mode() default "";

    /** The changes handled at the same time by each instance of the application; at least 1. */
    String concurrency() default "";

    /** The most changes claimed at once, and the most a batch handler gets; 1 to 1,000. */
    String batchSize() default "";

    /**
     * {@code key}, which is the default: the changes of one row one at a time over all instances, in order;
     * {@code key-skip-failed}; or {@code none}. The rows of a table without a primary key share one order. A change of
     * the primary key, and {@link RowChange.Truncated}, are in no order with the other changes.
     */
    String order() default "";

    /** In leased mode, how long a claim holds without being renewed: the delay after a crash. */
    String lease() default "";

    /** How long one handling may take before its thread is interrupted and the attempt has failed. */
    String timeout() default "";

    /** What happens after a failure. */
    Retry retry() default @Retry;
}
