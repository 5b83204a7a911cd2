package io.pgevents.boot.cache;

import io.pgevents.boot.listener.AnnotatedMethods;
import io.pgevents.boot.listener.MethodPlace;
import java.util.ArrayList;
import java.util.List;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.util.ClassUtils;

/**
 * The {@code @Cacheable} methods that look into the caches which {@code @PgCachePut} fills. A key of another type than
 * theirs would never be found, and what they have stored never be replaced.
 */
final class CacheReaders {

    private final ConfigurableListableBeanFactory beans;
    private final SpringCaching caching;

    CacheReaders(ConfigurableListableBeanFactory beans, SpringCaching caching) {
        this.beans = beans;
        this.caching = caching;
    }

    /** Refuses keys by which none of the methods looks a cache up; one with a key of its own is not judged. */
    void check(MethodPlace place, String cache, List<Class<?>> keyTypes) {
        List<String> others = new ArrayList<>();
        for (MethodPlace each :
                new AnnotatedMethods(beans, Cacheable.class).find().toList()) {
            Cacheable cacheable = SpringCaching.cacheable(each);
            if (cacheable == null || !cacheable.key().isEmpty() || !reads(each, cacheable, cache)) {
                continue;
            }
            String maker = caching.keyMaker(each, cacheable);
            if (maker == null && fits(each.method().getParameterTypes(), keyTypes)) {
                return;
            }
            others.add(each.describe() + (maker == null ? "" : " with " + maker));
        }
        if (!others.isEmpty()) {
            List<String> names = keyTypes.stream().map(Class::getSimpleName).toList();
            throw place.error(
                    "puts values into the cache \"" + cache + "\" under keys of the types " + names
                            + ", by which nobody looks them up: " + others + ".",
                    "Give keyTypes the types of the parameters of the cached method, one for each key column; keys have to"
                            + " be those of Spring's SimpleKeyGenerator.");
        }
    }

    private static boolean reads(MethodPlace place, Cacheable cacheable, String cache) {
        return SpringCaching.names(place, cacheable).contains(cache);
    }

    private static boolean fits(Class<?>[] parameters, List<Class<?>> keyTypes) {
        boolean fits = parameters.length == keyTypes.size();
        for (int i = 0; fits && i < parameters.length; i++) {
            fits = ClassUtils.isAssignable(parameters[i], ClassUtils.resolvePrimitiveIfNecessary(keyTypes.get(i)));
        }
        return fits;
    }
}
