package io.pgevents.boot.listener;

import io.pgevents.PgEventsStartException;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.AnnotatedElementUtils;

/**
 * An annotated method of a bean.
 *
 * @param beanName the bean, for a scoped bean the proxy
 * @param beanClass the class behind all proxies
 * @param method the method of that class
 */
public record MethodPlace(String beanName, Class<?> beanClass, Method method) {

    /** The annotation that made this a place. */
    <A extends Annotation> A annotation(Class<A> type) {
        return Objects.requireNonNull(AnnotatedElementUtils.findMergedAnnotation(method, type));
    }

    /** For messages: "The method com.shop.Orders.reserve(Order) of the bean 'orders'". */
    public String describe() {
        String parameters = Arrays.stream(method.getParameterTypes())
                .map(Class::getSimpleName)
                .collect(Collectors.joining(", "));
        return "The method " + beanClass.getTypeName() + "." + method.getName() + "(" + parameters + ") of the bean '"
                + beanName + "'";
    }

    /** A mistake of its declaration: what is wrong with the method, and what to do. */
    public PgEventsStartException error(String problem, String action) {
        return error(problem, action, null);
    }

    /** A mistake of its declaration, with its cause. */
    public PgEventsStartException error(String problem, String action, @Nullable Throwable cause) {
        return new PgEventsStartException(describe() + " " + problem, action, cause);
    }

    /** A table whose changes cannot be captured, with the reason. */
    public PgEventsStartException refusedCapture(String problem, IllegalArgumentException reason) {
        return error(
                problem + " " + reason.getMessage() + ".",
                "Correct the annotation. Write the name as in SQL, with its schema (shop.profile), grant USAGE on the schema,"
                        + " and let your migration create the table before the start.",
                reason);
    }
}
