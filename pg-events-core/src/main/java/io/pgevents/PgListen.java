package io.pgevents;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Makes a method of a Spring bean a listener of raw channels: it gets what anyone sends with NOTIFY or
 * {@code pg_notify}, on every running instance.
 *
 * <pre>{@code
 * @PgListen(value = "price_changed", onGap = "reload")
 * void changed(PriceChanged change) { ... }
 *
 * void reload() { ... }
 * }</pre>
 *
 * <p><b>Parameters.</b> All optional: a {@code String} gets the payload as it was sent, any other type is converted from
 * JSON; a {@link Notification} has the channel, the payload and the process of the sender. There is no result.
 *
 * <p><b>Delivery.</b> At most once, and only while the instance is connected. One at a time, in the order of the
 * commits, on a thread for handlers and without a transaction. What cannot be converted is logged and left out; so is an
 * exception of the method. Events that must not be lost are for {@link PgSubscribe}.
 *
 * <p><b>Gaps.</b> Notifications may be missed while the connection is lost, and the oldest ones that wait are dropped
 * when a slow method lets more of them wait than {@link #queueCapacity()}. The method named by {@link #onGap()} is called
 * in their place.
 *
 * <p>The channels and the capacity may contain property placeholders.
 */
@Documented
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
public @interface PgListen {

    /**
     * The exact names of channels, as {@code pg_notify} takes them: upper case, dots and spaces count. At most 63 bytes,
     * and not beginning with {@code pg_events_}. {@code NOTIFY Prices} without quotes sends to {@code prices}.
     */
    String[] value();

    /** The name of a method of the same bean, without parameters, that is called when something may have been missed. */
    String onGap() default "";

    /** How many notifications may wait for the method before the oldest are dropped; at least 1, by default 1,000. */
    String queueCapacity() default "";
}
