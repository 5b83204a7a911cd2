package io.pgevents.boot.cache;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.Cache;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * A cache that never keeps a value which was read before a change. It stores into another cache; the package
 * documentation has the protocol. Thread-safe.
 */
final class GuardedCache implements Cache {

    private final Cache target;
    private final Generations generations = new Generations();
    private final Misses misses = new Misses();
    private volatile boolean clearOwed;

    GuardedCache(Cache target) {
        this.target = target;
    }

    /** A key has changed: its entry goes, and what is being loaded for it is not stored. */
    void changed(Object key) {
        generations.changed(key);
        orClearLater(() -> target.evict(key));
    }

    /** A key has changed, and what it has changed to is known. Called by one thread, in the order of the changes. */
    void changed(Object key, Object value) {
        generations.changed(key);
        orClearLater(() -> target.put(key, value));
    }

    /** Anything may have changed. */
    void allChanged() {
        generations.allChanged();
        orClearLater(target::clear);
    }

    /** A cache that is away for the moment would come back with entries that are out of date. */
    private void orClearLater(Runnable change) {
        try {
            change.run();
        } catch (RuntimeException ex) {
            clearOwed = true;
            throw ex;
        }
    }

    private void payDebt() {
        if (clearOwed) {
            clearOwed = false;
            allChanged();
        }
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
        payDebt();
        long generation = generations.of(key);
        ValueWrapper found = target.get(key);
        if (found == null) {
            misses.remember(key, generation);
        }
        return found;
    }

    @Override
    public <T> @Nullable T get(Object key, @Nullable Class<T> type) {
        payDebt();
        long generation = generations.of(key);
        T found = target.get(key, type);
        if (found == null) {
            misses.remember(key, generation);
        }
        return found;
    }

    @Override
    public <T> @Nullable T get(Object key, Callable<T> loader) {
        payDebt();
        if (TransactionSynchronizationManager.isActualTransactionActive()) {
            return getInTransaction(key, loader);
        }
        long generation = generations.of(key);
        T value = target.get(key, loader);
        takeAwayIfOld(key, generation);
        return value;
    }

    /** The target would store at once what perhaps only this transaction sees. */
    @SuppressWarnings("unchecked")
    private <T> @Nullable T getInTransaction(Object key, Callable<T> loader) {
        ValueWrapper found = get(key);
        if (found != null) {
            return (T) found.get();
        }
        T value;
        try {
            value = loader.call();
        } catch (Exception ex) {
            throw new ValueRetrievalException(key, loader, ex);
        }
        put(key, value);
        return value;
    }

    @Override
    public @Nullable CompletableFuture<?> retrieve(Object key) {
        payDebt();
        return target.retrieve(key);
    }

    @Override
    public <T> CompletableFuture<T> retrieve(Object key, Supplier<CompletableFuture<T>> loader) {
        payDebt();
        long generation = generations.of(key);
        return target.retrieve(key, loader).whenComplete((value, failure) -> takeAwayIfOld(key, generation));
    }

    @Override
    public void put(Object key, @Nullable Object value) {
        Long generation = misses.take(key);
        if (generation == null || generation != generations.of(key) || readsFromOldSnapshot()) {
            target.evict(key);
        } else if (TransactionSynchronizationManager.isSynchronizationActive()) {
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void afterCommit() {
                    store(key, value, generation);
                }
            });
        } else {
            store(key, value, generation);
        }
    }

    private void store(Object key, @Nullable Object value, long generation) {
        if (generation == generations.of(key)) {
            target.put(key, value);
            takeAwayIfOld(key, generation);
        }
    }

    private void takeAwayIfOld(Object key, long generation) {
        if (generation != generations.of(key)) {
            orClearLater(() -> target.evict(key));
        }
    }

    private static boolean readsFromOldSnapshot() {
        Integer level = TransactionSynchronizationManager.getCurrentTransactionIsolationLevel();
        return level != null && level >= TransactionDefinition.ISOLATION_REPEATABLE_READ;
    }

    @Override
    public void evict(Object key) {
        changed(key);
    }

    @Override
    public boolean evictIfPresent(Object key) {
        generations.changed(key);
        return target.evictIfPresent(key);
    }

    @Override
    public void clear() {
        allChanged();
    }

    @Override
    public boolean invalidate() {
        generations.allChanged();
        return target.invalidate();
    }
}
