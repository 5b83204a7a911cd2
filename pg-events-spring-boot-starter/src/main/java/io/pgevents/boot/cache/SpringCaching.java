package io.pgevents.boot.cache;

import io.pgevents.boot.listener.MethodPlace;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.cache.annotation.CacheConfig;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.interceptor.CacheAspectSupport;
import org.springframework.cache.interceptor.CacheResolver;
import org.springframework.cache.interceptor.KeyGenerator;
import org.springframework.cache.interceptor.SimpleCacheResolver;
import org.springframework.cache.interceptor.SimpleKeyGenerator;
import org.springframework.core.annotation.AnnotatedElementUtils;

/**
 * What Spring does with {@code @Cacheable} methods: which caches they have, and whether their parameters are the keys.
 * The settings of the method go first, then those of {@link CacheConfig}, then those of the application.
 */
final class SpringCaching {

    private static final Logger log = LoggerFactory.getLogger(SpringCaching.class);

    private final ConfigurableListableBeanFactory beans;

    SpringCaching(ConfigurableListableBeanFactory beans) {
        this.beans = beans;
    }

    /** The names of the caches of a method; refuses what leaves them to code. */
    List<String> caches(MethodPlace place, Cacheable cacheable) {
        String resolver = resolver(place, cacheable);
        if (resolver != null) {
            throw place.error(
                    "gets its caches from " + resolver + ", so nobody knows which they are.",
                    "Name them in @Cacheable, and leave the resolver out.");
        }
        List<String> names = names(place, cacheable);
        if (names.isEmpty()) {
            throw place.error("names no cache.", "Name it in @Cacheable or @CacheConfig.");
        }
        if (interceptors().isEmpty()) {
            log.warn("{} is not cached, because nobody looks at @Cacheable: add @EnableCaching", place.describe());
        }
        return names;
    }

    /** The names of the caches of a method, as annotations say them. */
    static List<String> names(MethodPlace place, Cacheable cacheable) {
        CacheConfig shared = shared(place);
        List<String> own = List.of(cacheable.cacheNames());
        return own.isEmpty() && shared != null ? List.of(shared.cacheNames()) : own;
    }

    private @Nullable String resolver(MethodPlace place, Cacheable cacheable) {
        if (!cacheable.cacheResolver().isEmpty()) {
            return "the resolver " + cacheable.cacheResolver();
        }
        if (!cacheable.cacheManager().isEmpty()) {
            return null;
        }
        CacheConfig shared = shared(place);
        if (shared != null && !shared.cacheResolver().isEmpty()) {
            return "the resolver " + shared.cacheResolver() + " of @CacheConfig";
        }
        if (shared != null && !shared.cacheManager().isEmpty()) {
            return null;
        }
        return interceptors().stream()
                .map(CacheAspectSupport::getCacheResolver)
                .filter(Objects::nonNull)
                .map(CacheResolver::getClass)
                .filter(type -> type != SimpleCacheResolver.class)
                .map(type -> "the application's resolver, " + type.getName())
                .findFirst()
                .orElse(null);
    }

    /** Who makes the keys of a method, if it is not Spring from the parameters; null if it is. */
    @Nullable
    String keyMaker(MethodPlace place, Cacheable cacheable) {
        if (!cacheable.key().isEmpty()) {
            return "its key " + cacheable.key();
        }
        CacheConfig shared = shared(place);
        String generator = cacheable.keyGenerator();
        if (generator.isEmpty() && shared != null) {
            generator = shared.keyGenerator();
        }
        List<KeyGenerator> generators = generator.isEmpty()
                ? interceptors().stream()
                        .map(CacheAspectSupport::getKeyGenerator)
                        .toList()
                : List.of(beans.getBean(generator, KeyGenerator.class));
        return generators.stream()
                .map(KeyGenerator::getClass)
                .filter(type -> type != SimpleKeyGenerator.class)
                .map(type -> "the key generator " + type.getName())
                .findFirst()
                .orElse(null);
    }

    static @Nullable Cacheable cacheable(MethodPlace place) {
        return AnnotatedElementUtils.findMergedAnnotation(place.method(), Cacheable.class);
    }

    private static @Nullable CacheConfig shared(MethodPlace place) {
        return AnnotatedElementUtils.findMergedAnnotation(place.method().getDeclaringClass(), CacheConfig.class);
    }

    private List<CacheAspectSupport> interceptors() {
        return beans.getBeanProvider(CacheAspectSupport.class).stream().toList();
    }
}
