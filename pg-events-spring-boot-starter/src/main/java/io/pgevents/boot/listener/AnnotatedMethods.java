package io.pgevents.boot.listener;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.aop.scope.ScopedObject;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.util.ClassUtils;

/** Finds the methods with an annotation, directly or by another annotation, without creating beans. */
public final class AnnotatedMethods {

    private static final Logger log = LoggerFactory.getLogger(AnnotatedMethods.class);

    private final ConfigurableListableBeanFactory beans;
    private final Class<? extends Annotation> annotation;

    /**
     * The methods of a context.
     *
     * @param beans where they are
     * @param annotation what they are annotated with
     */
    public AnnotatedMethods(ConfigurableListableBeanFactory beans, Class<? extends Annotation> annotation) {
        this.beans = beans;
        this.annotation = annotation;
    }

    /** The annotated methods of all beans of this context, in the order of the beans. */
    public Stream<MethodPlace> find() {
        return Arrays.stream(beans.getBeanNamesForType(Object.class))
                .filter(name -> !ScopedProxyUtils.isScopedTarget(name))
                .flatMap(this::ofBean);
    }

    /** The annotated methods of a class. */
    public static Set<Method> ofClass(Class<?> type, Class<? extends Annotation> annotation) {
        if (!AnnotationUtils.isCandidateClass(type, annotation)
                || type.getName().startsWith("org.springframework.")) {
            return Set.of();
        }
        return MethodIntrospector.selectMethods(
                type, (Method method) -> AnnotatedElementUtils.hasAnnotation(method, annotation));
    }

    private Stream<MethodPlace> ofBean(String name) {
        Class<?> type = targetClass(name);
        if (type == null) {
            return Stream.of();
        }
        return ofClass(type, annotation).stream()
                .sorted(Comparator.comparing(Method::toString))
                .map(method -> new MethodPlace(name, type, method));
    }

    private @Nullable Class<?> targetClass(String name) {
        try {
            Class<?> type = AutoProxyUtils.determineTargetClass(beans, name);
            if (type != null && ScopedObject.class.isAssignableFrom(type)) {
                type = AutoProxyUtils.determineTargetClass(beans, ScopedProxyUtils.getTargetBeanName(name));
            }
            return type == null ? null : ClassUtils.getUserClass(type);
        } catch (RuntimeException | LinkageError ex) {
            log.debug("The class of the bean '{}' cannot be told, so none of its methods is annotated", name, ex);
            return null;
        }
    }
}
