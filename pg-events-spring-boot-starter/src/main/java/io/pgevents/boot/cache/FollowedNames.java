package io.pgevents.boot.cache;

import io.pgevents.boot.listener.AnnotatedMethods;
import io.pgevents.boot.listener.MethodPlace;
import io.pgevents.capture.PgCacheEvict;
import io.pgevents.capture.PgCachePut;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.util.ClassUtils;

/**
 * The names of the caches that follow tables. They are known when all singletons are there; until then, for beans that ask
 * while they are made, as far as the definitions of beans tell. No bean is made to look. Thread-safe.
 */
final class FollowedNames {

    private static final Logger log = LoggerFactory.getLogger(FollowedNames.class);

    /** While one of them is made, Boot binds the meters of caches, by their classes. */
    private static final List<String> METERS = List.of(
            "org.springframework.boot.cache.autoconfigure.metrics.CacheMetricsRegistrarConfiguration",
            "org.springframework.boot.actuate.autoconfigure.metrics.cache.CacheMetricsRegistrarConfiguration");

    private final ConfigurableListableBeanFactory beans;
    private final Set<String> known = ConcurrentHashMap.newKeySet();
    private final Set<String> denied = ConcurrentHashMap.newKeySet();
    private volatile @Nullable Set<String> declared;
    private volatile boolean complete;

    FollowedNames(ConfigurableListableBeanFactory beans) {
        this.beans = beans;
    }

    void add(String name) {
        if (known.add(name) && denied.contains(name)) {
            log.warn(
                    "The cache {} follows a table, but somebody got it from the cache manager before that was known, and may"
                            + " keep a value in it that was read before a change: ask for it when it is used, or let the"
                            + " @Bean method of the cached bean return the class that has the annotations",
                    name);
        }
    }

    /** All of them have been added. */
    void complete() {
        complete = true;
    }

    /** Whether a cache has to be guarded for who asks for it now. */
    boolean contains(String name) {
        if (complete) {
            return known.contains(name);
        }
        if (METERS.stream().anyMatch(beans::isCurrentlyInCreation)) {
            return false;
        }
        if (declared().contains(name)) {
            return true;
        }
        denied.add(name);
        return known.contains(name);
    }

    private Set<String> declared() {
        Set<String> found = declared;
        if (found == null) {
            found = Arrays.stream(beans.getBeanNamesForType(Object.class, true, false))
                    .flatMap(bean -> declaredBy(bean).stream())
                    .collect(Collectors.toSet());
            declared = found;
        }
        return found;
    }

    /** What is wrong with it is said when it is bound. */
    private List<String> declaredBy(String bean) {
        try {
            Class<?> type = type(bean);
            return type == null
                    ? List.of()
                    : Stream.concat(evicted(bean, type), put(type)).toList();
        } catch (RuntimeException | LinkageError ex) {
            log.debug("Nobody can tell yet which caches of the bean '{}' follow tables", bean, ex);
            return List.of();
        }
    }

    private @Nullable Class<?> type(String bean) {
        Class<?> type = beans.containsSingleton(bean)
                ? AutoProxyUtils.determineTargetClass(beans, bean)
                : beans.getType(bean, false);
        return type == null ? null : ClassUtils.getUserClass(type);
    }

    private static Stream<String> evicted(String bean, Class<?> type) {
        return Stream.of(PgCacheEvict.class, PgCacheEvict.All.class)
                .flatMap(each -> AnnotatedMethods.ofClass(type, each).stream())
                .flatMap(method -> {
                    MethodPlace place = new MethodPlace(bean, type, method);
                    Cacheable cacheable = SpringCaching.cacheable(place);
                    return cacheable == null ? Stream.of() : SpringCaching.names(place, cacheable).stream();
                });
    }

    private Stream<String> put(Class<?> type) {
        return AnnotatedMethods.ofClass(type, PgCachePut.class).stream()
                .flatMap(method ->
                        Stream.ofNullable(AnnotatedElementUtils.findMergedAnnotation(method, PgCachePut.class)))
                .flatMap(annotation -> Arrays.stream(annotation.cache()))
                .flatMap(cache -> Stream.ofNullable(beans.resolveEmbeddedValue(cache)));
    }
}
