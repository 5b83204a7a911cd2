package io.pgevents.boot.cache;

import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.aopalliance.intercept.MethodInterceptor;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;

/**
 * Guards the caches that follow tables: whoever asks a cache manager for one of them gets it guarded, also while the beans
 * of the application are made. Others are left as they are. Thread-safe.
 */
public final class GuardedCaches implements BeanPostProcessor {

    private final List<CacheManager> managers = new CopyOnWriteArrayList<>();
    private final Map<Place, GuardedCache> caches = new ConcurrentHashMap<>();
    private final FollowedNames followed;
    private final Following following = new Following();

    /** A cache of a manager; managers are told apart by identity. */
    private record Place(CacheManager manager, String name) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Place place && place.manager == manager && place.name.equals(name);
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(manager) * 31 + name.hashCode();
        }
    }

    GuardedCaches(ConfigurableListableBeanFactory beans) {
        this.followed = new FollowedNames(beans);
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        if (!(bean instanceof CacheManager manager)) {
            return bean;
        }
        managers.add(manager);
        ProxyFactory proxy = new ProxyFactory(manager);
        proxy.setProxyTargetClass(!Modifier.isFinal(manager.getClass().getModifiers()));
        proxy.addAdvice((MethodInterceptor) call -> {
            Object result = call.proceed();
            return call.getMethod().getName().equals("getCache") && result instanceof Cache cache
                    ? guarded(manager, cache)
                    : result;
        });
        return proxy.getProxy(manager.getClass().getClassLoader());
    }

    /** Every cache of a name is guarded from now on. */
    void follow(String name) {
        followed.add(name);
    }

    /** There are no more to follow. */
    void allAreFollowed() {
        followed.complete();
    }

    /** Whether all of them are told of changes; at first they are not. */
    Following following() {
        return following;
    }

    /** The caches of a name that are there by now. */
    List<GuardedCache> named(String name) {
        return managers.stream()
                .map(manager -> {
                    Cache cache = manager.getCache(name);
                    return cache == null ? null : guard(manager, cache);
                })
                .filter(Objects::nonNull)
                .distinct()
                .toList();
    }

    private Cache guarded(CacheManager manager, Cache cache) {
        return followed.contains(cache.getName()) ? guard(manager, cache) : cache;
    }

    private GuardedCache guard(CacheManager manager, Cache cache) {
        Cache inside = TransactionDecorators.inside(cache);
        // A manager of managers gives what another one has guarded.
        return inside instanceof GuardedCache known
                ? known
                : caches.computeIfAbsent(
                        new Place(manager, cache.getName()), place -> new GuardedCache(inside, following));
    }
}
