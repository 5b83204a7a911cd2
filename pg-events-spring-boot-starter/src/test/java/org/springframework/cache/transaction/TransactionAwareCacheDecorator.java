package org.springframework.cache.transaction;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.Cache;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Stands in for the class of this name in spring-context-support, which is not a dependency of this module: it puts
 * changes off until the commit of the running transaction.
 */
public class TransactionAwareCacheDecorator implements Cache {

    private final Cache target;

    public TransactionAwareCacheDecorator(Cache target) {
        this.target = target;
    }

    public Cache getTargetCache() {
        return target;
    }

    private static void whenCommitted(Runnable change) {
        if (!TransactionSynchronizationManager.isSynchronizationActive()) {
            change.run();
            return;
        }
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                change.run();
            }
        });
    }

    @Override
    public String getName() {
        return target.getName();
    }

    @Override
    public Object getNativeCache() {
        return target.getNativeCache();
    }

    @Override
    public @Nullable ValueWrapper get(Object key) {
        return target.get(key);
    }

    @Override
    public <T> @Nullable T get(Object key, @Nullable Class<T> type) {
        return target.get(key, type);
    }

    @Override
    public <T> @Nullable T get(Object key, Callable<T> loader) {
        return target.get(key, loader);
    }

    @Override
    public void put(Object key, @Nullable Object value) {
        whenCommitted(() -> target.put(key, value));
    }

    @Override
    public void evict(Object key) {
        whenCommitted(() -> target.evict(key));
    }

    @Override
    public void clear() {
        whenCommitted(target::clear);
    }
}
