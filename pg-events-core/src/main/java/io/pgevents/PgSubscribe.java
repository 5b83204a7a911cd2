package io.pgevents;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Makes a method of a Spring bean the handler of a subscription.
 *
 * <pre>{@code
 * @PgSubscribe(topic = "order.placed")
 * void reserve(OrderPlaced order) { ... }
 * }</pre>
 *
 * <p><b>Parameters.</b> The payload, converted to the parameter's type (a record, a class, {@code Map}, {@code String}
 * for the JSON text, a JSON tree), or an {@link Event} of it; optionally {@link EventMetadata} beside it. A
 * {@code List} of either makes the method a batch handler. A sealed type stands for its
 * permitted classes, chosen by the type name of the event; types it does not know are left to other instances.
 *
 * <p><b>Result.</b> Nothing, or the next step: an object whose class is annotated with {@link PgEvent}, an
 * {@link OutgoingEvent}, or a collection, an array or an {@code Optional} of them; {@code null} is no next step. It is
 * published in the transaction that finishes the event. What would end after the method has returned, a future, a reactive
 * type or an {@code @Async} method, is refused at start.
 *
 * <p><b>Transaction.</b> In {@code transactional} mode (the default) the method runs in the transaction that claims and
 * finishes the event: its writes to the same database and the event's completion commit or roll back together. In
 * {@code leased} mode it runs without a transaction, at least once.
 *
 * <p><b>Broadcast.</b> With {@link #broadcast()} the method is told live, on every running instance, and nothing is stored
 * for it: the events of a topic one after the other, in order, while the instance runs. What it throws is logged, and
 * nothing is tried again. It must return nothing.
 *
 * <p>Every text attribute but {@link #onGap()} may contain property placeholders. Where the settings of a durable
 * subscription, from {@link #mode()} on, are empty, the default of {@code pg-events.subscription.*} holds.
 */
@Documented
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
public @interface PgSubscribe {

    /** The value of {@link #mode()} for handling, effects and completion in one transaction. */
    String TRANSACTIONAL = "transactional";

    /** The value of {@link #mode()} for slow or external work under a lease. */
    String LEASED = "leased";

    /**
     * Topics, or patterns of topics: {@code *} stands for one word, {@code #} for any number of words. One placeholder
     * may resolve to several topics, separated by commas.
     */
    String[] topic();

    /**
     * The stable name of the subscription, at most 100 characters. By default the bean name and the method name,
     * {@code orderHandlers.reserve}. A renamed subscription is a new one: the old name keeps its waiting events until
     * it is removed or comes back, so give a name to what may be renamed. Applications that share a schema share the names.
     */
    String subscription() default "";

    /**
     * Whether every running instance gets the events live, instead of one of them durably: those that are published, if
     * they are due at once, and those that are broadcast. The attributes about claims and retries make no sense with it.
     */
    boolean broadcast() default false;

    /**
     * With {@link #broadcast()}, the method of the same bean, without parameters, that is called when events may have been
     * missed: what was derived from them has to be read again. That is so when the method is too slow for what comes,
     * when the instance was cut off from the database for longer than the live log reaches back, and when the bus was
     * stopped and is started again.
     */
    String onGap() default "";

    /** {@link #TRANSACTIONAL} or {@link #LEASED}. */
    String mode() default "";

    /** The events handled at the same time by each instance of the application; at least 1. */
    String concurrency() default "";

    /**
     * The most events claimed at once, and the most a batch handler gets; 1 to 1,000. In transactional mode the events
     * of a batch share a transaction. If handlers update the same rows in different orders, two batches may wait for
     * each other; the server ends one of them, and its events are handled again one by one. {@code 1} or an order per
     * key avoids that.
     */
    String batchSize() default "";

    /**
     * {@code none}; or {@code key}: the events of one key one at a time over all instances, in order, and a failing
     * event holds up its key until it succeeds or becomes a dead letter; or {@code key-skip-failed}: as {@code key},
     * but a failing event steps aside until its next attempt. Events without a key share one.
     */
    String order() default "";

    /** In leased mode, how long a claim holds without being renewed: the delay after a crash. */
    String lease() default "";

    /**
     * How long one handling may take before its thread is interrupted and the attempt has failed. In transactional mode
     * a statement of the handler that takes as long is ended by the server.
     */
    String timeout() default "";

    /** What happens after a failure. */
    Retry retry() default @Retry;
}
