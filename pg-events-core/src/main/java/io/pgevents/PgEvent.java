package io.pgevents;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says the topic of an event class. Such an object can be published without naming a topic, can be returned by a
 * handler as the next step, and is stored when it is published through Spring's {@code ApplicationEventPublisher}. On a
 * sealed interface it holds for all of its classes.
 */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface PgEvent {

    /** The topic. */
    String value();

    /** The type name stored with the event; by default the simple name of the class. A rename is a new type. */
    String type() default "";

    /** The property whose text is the ordering key, for example {@code customerId}; by default there is none. */
    String key() default "";
}
