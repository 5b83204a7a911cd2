package io.pgevents.boot.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.sql.Connection;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.cache.concurrent.ConcurrentMapCache;
import org.springframework.cache.support.SimpleCacheManager;
import org.springframework.cache.transaction.TransactionAwareCacheDecorator;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionTemplate;

/** Caches of a cache manager that puts their changes off until the commit. */
class TransactionDecoratorsTests {

    private final TransactionTemplate transaction = new TransactionTemplate(new Transactions());
    private final Fragile target = new Fragile();
    private final GuardedCaches caches = new GuardedCaches(new DefaultListableBeanFactory());
    private final CacheManager manager = guard(new TransactionAware(managerOf(target)));
    private Cache cache = target;

    /** Transactions of nothing, with the callbacks of real ones. */
    private static final class Transactions extends AbstractPlatformTransactionManager {

        @Override
        protected Object doGetTransaction() {
            return new Object();
        }

        @Override
        protected void doBegin(Object begun, TransactionDefinition definition) {}

        @Override
        protected void doCommit(DefaultTransactionStatus status) {}

        @Override
        protected void doRollback(DefaultTransactionStatus status) {}
    }

    /** Wraps the caches anew each time, as Spring's proxy of this kind does. */
    private record TransactionAware(CacheManager inner) implements CacheManager {

        @Override
        public @Nullable Cache getCache(String name) {
            Cache cache = inner.getCache(name);
            return cache == null ? null : new TransactionAwareCacheDecorator(cache);
        }

        @Override
        public Collection<String> getCacheNames() {
            return inner.getCacheNames();
        }
    }

    /** A cache that may be away when an entry has to go. */
    private static final class Fragile extends ConcurrentMapCache {
        private boolean away;

        private Fragile() {
            super("counters");
        }

        @Override
        public void evict(Object key) {
            if (away) {
                throw new IllegalStateException("The cache is away");
            }
            super.evict(key);
        }
    }

    @BeforeEach
    void follow() {
        caches.follow("counters");
        caches.following().begin(Connection.TRANSACTION_READ_COMMITTED);
        cache = Objects.requireNonNull(manager.getCache("counters"));
    }

    private CacheManager guard(CacheManager unguarded) {
        return (CacheManager) caches.postProcessAfterInitialization(unguarded, "cacheManager");
    }

    private static CacheManager managerOf(Cache cache) {
        SimpleCacheManager manager = new SimpleCacheManager();
        manager.setCaches(List.of(cache));
        manager.initializeCaches();
        return manager;
    }

    private GuardedCache guarded() {
        List<GuardedCache> named = caches.named("counters");
        assertThat(named).hasSize(1);
        return named.get(0);
    }

    private void load(Object value) {
        assertThat(cache.get("ada")).isNull();
        cache.put("ada", value);
    }

    @Test
    void storesWhatATransactionHasLoaded() {
        transaction.executeWithoutResult(status -> {
            load(1);
            assertThat(target.getNativeCache()).isEmpty();
        });
        assertThat(target.getNativeCache()).containsEntry("ada", 1);
    }

    @Test
    void isClearedBeforeATransactionReadsItWhateverBecomesOfThat() {
        load("old");
        target.away = true;
        assertThatIllegalStateException().isThrownBy(() -> guarded().changed("ada"));
        target.away = false;
        transaction.executeWithoutResult(status -> {
            assertThat(cache.get("ada")).isNull();
            status.setRollbackOnly();
        });
        assertThat(cache.get("ada")).isNull();
        assertThat(target.getNativeCache()).isEmpty();
    }

    @Test
    void whatTheApplicationTakesAwayInATransactionGoesOnceMoreAfterIt() {
        goesOnceMore(() -> cache.evict("ada"));
        goesOnceMore(() -> cache.put("ada", "of unknown age"));
        goesOnceMore(cache::clear);
    }

    private void goesOnceMore(Runnable change) {
        load(1);
        transaction.executeWithoutResult(status -> {
            change.run();
            assertThat(target.getNativeCache()).isEmpty();
            target.put("ada", "loaded by others before the commit");
        });
        assertThat(target.getNativeCache()).isEmpty();
    }

    @Test
    void isGuardedOnceThroughManagersOfManagers() {
        CacheManager outer = guard(new TransactionAware(manager));
        assertThat(outer.getCache("counters")).isSameAs(cache).isSameAs(guarded());
    }

    @Test
    void aNativeImageCanLookInside() throws NoSuchMethodException {
        RuntimeHints hints = new RuntimeHints();
        new TransactionDecorators.Hints().registerHints(hints, getClass().getClassLoader());
        assertThat(RuntimeHintsPredicates.reflection()
                        .onMethodInvocation(TransactionAwareCacheDecorator.class.getMethod("getTargetCache")))
                .accepts(hints);
    }
}
