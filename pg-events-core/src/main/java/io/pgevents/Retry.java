package io.pgevents;

import java.lang.annotation.Documented;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * When a failed event is tried again: exponential backoff with a cap and jitter. Every text attribute may contain
 * property placeholders; an empty one means the default of {@code pg-events.subscription.retry.*}.
 */
@Documented
@Target({})
@Retention(RetentionPolicy.RUNTIME)
public @interface Retry {

    /** The attempts an event may have, the first included; at least 1. */
    String maxAttempts() default "";

    /** The delay after the first failure. */
    String delay() default "";

    /** What the delay is multiplied by after each further failure; at least 1. */
    String multiplier() default "";

    /** The longest delay. */
    String maxDelay() default "";

    /** The share of the delay that is random, 0 to 1: with 0.2 the delay is between 0.8 and 1.2 of its value. */
    String jitter() default "";

    /** If not empty, only these exceptions (and their subclasses, also as a cause) are worth another attempt. */
    Class<? extends Throwable>[] includes() default {};

    /** These exceptions (and their subclasses, also as a cause) make the event a dead letter at once. */
    Class<? extends Throwable>[] excludes() default {};
}
