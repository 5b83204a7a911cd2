package io.pgevents.boot.cache;

import io.pgevents.jdbc.CommittedItems;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cache.Cache;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * A cache that never keeps a value which was read before a change. It stores into another cache; the package
 * documentation has the protocol. While nobody tells it of changes it finds nothing and stores nothing. Thread-safe.
 */
final class GuardedCache implements Cache {

    private static final Logger log = LoggerFactory.getLogger(GuardedCache.class);

    private final Cache target;
    private final Following following;
    private final Generations generations = new Generations();
    private final Misses misses = new Misses();
    private final Debt clear = new Debt();
    private final Consumer<List<Runnable>> committed = this::runCommitted;

    GuardedCache(Cache target, Following following) {
        this.target = target;
        this.following = following;
    }

    /** A key has changed: its entry goes, and what is being loaded for it is not stored. */
    void changed(Object key) {
        long unused = generations.changed(key);
        takeAway(key);
    }

    /** A key has changed, and what it has changed to is known. Called by one thread, in the order of the changes. */
    void changed(Object key, Object value) {
        long generation = generations.changed(key);
        if (following.isOn()) {
            orClearLater(() -> target.put(key, value));
            takeAwayIfOld(key, generation);
        } else {
            takeAway(key);
        }
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
            clear.incur();
            throw ex;
        }
    }

    private void takeAway(Object key) {
        orClearLater(() -> target.evict(key));
    }

    private void takeAwayIfOld(Object key, long generation) {
        if (generation != generations.of(key)) {
            takeAway(key);
        }
    }

    /** Whether its entries are up to date; those of a cache that was away are not before it is cleared. */
    private boolean isRight() {
        return following.isOn()
                && clear.settle(() -> {
                    generations.allChanged();
                    target.clear();
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
        return lookUp(key, () -> target.get(key));
    }

    @Override
    public <T> @Nullable T get(Object key, @Nullable Class<T> type) {
        return lookUp(key, () -> target.get(key, type));
    }

    /** Remembers a miss, if what is loaded after it can be right. */
    private <V> @Nullable V lookUp(Object key, Supplier<@Nullable V> inTarget) {
        Long unused = misses.take(key);
        if (!isRight()) {
            return null;
        }
        long generation = generations.of(key);
        V found = inTarget.get();
        // A stop counts after it has ended the following: so either this sees it, or the generation is over.
        if (found == null && following.isOn() && !readsWhatIsOld()) {
            misses.remember(key, generation);
        }
        return found;
    }

    private boolean readsWhatIsOld() {
        return OldReads.arePossible(following.defaultIsolation());
    }

    /** Whether the target may store what is loaded, at once. */
    private boolean mayLoadItself() {
        return isRight() && !TransactionSynchronizationManager.isActualTransactionActive() && !readsWhatIsOld();
    }

    @Override
    public <T> @Nullable T get(Object key, Callable<T> loader) {
        long generation = generations.of(key);
        if (!mayLoadItself()) {
            return getThenPut(key, loader);
        }
        try {
            return target.get(key, loader);
        } finally {
            takeAwayIfOld(key, generation);
        }
    }

    /** What perhaps only this transaction sees is stored later, or not at all. */
    @SuppressWarnings("unchecked")
    private <T> @Nullable T getThenPut(Object key, Callable<T> loader) {
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
        return isRight() ? target.retrieve(key) : null;
    }

    @Override
    public <T> CompletableFuture<T> retrieve(Object key, Supplier<CompletableFuture<T>> loader) {
        long generation = generations.of(key);
        if (!mayLoadItself()) {
            return retrieveOrLoad(key, loader);
        }
        return target.retrieve(key, loader).whenComplete((value, failure) -> takeAwayIfOld(key, generation));
    }

    /** Nothing is stored: who knows on which thread, and in which transaction, it is loaded. */
    @SuppressWarnings("unchecked")
    private <T> CompletableFuture<T> retrieveOrLoad(Object key, Supplier<CompletableFuture<T>> loader) {
        CompletableFuture<?> found = retrieve(key);
        if (found == null) {
            return loader.get();
        }
        return found.thenCompose(value -> value == null
                ? loader.get()
                : CompletableFuture.completedFuture(
                        (T) (value instanceof ValueWrapper wrapper ? wrapper.get() : value)));
    }

    @Override
    public void put(Object key, @Nullable Object value) {
        Long generation = misses.take(key);
        if (generation == null || generation != generations.of(key)) {
            nowAndAfterCommit(() -> takeAway(key));
        } else {
            storeWhenCommitted(key, value, generation);
        }
    }

    private void storeWhenCommitted(Object key, @Nullable Object value, long generation) {
        if (TransactionSynchronizationManager.isSynchronizationActive()) {
            CommittedItems.collect(committed, () -> store(key, value, generation));
        } else {
            store(key, value, generation);
        }
    }

    /** What others load and store before the commit may be what this transaction makes out of date. */
    private void nowAndAfterCommit(Runnable change) {
        if (TransactionSynchronizationManager.isSynchronizationActive()) {
            CommittedItems.collect(committed, change);
        }
        change.run();
    }

    /** Nobody knows when a value was read that is there before the lookup, so there is never one to be put. */
    @Override
    public @Nullable ValueWrapper putIfAbsent(Object key, @Nullable Object value) {
        Long unused = misses.take(key);
        return isRight() ? target.get(key) : null;
    }

    private void runCommitted(List<Runnable> changes) {
        for (Runnable each : changes) {
            try {
                each.run();
            } catch (RuntimeException ex) {
                log.warn("The cache {} cannot be changed after a commit", getName(), ex);
            }
        }
    }

    /** Stores what was loaded in a generation, if that is not over. */
    private void store(Object key, @Nullable Object value, long generation) {
        if (generation != generations.of(key)) {
            return;
        }
        try {
            target.put(key, value);
        } finally {
            // What could not be stored may be there all the same.
            takeAwayIfOld(key, generation);
        }
    }

    @Override
    public void evict(Object key) {
        nowAndAfterCommit(() -> changed(key));
    }

    @Override
    public boolean evictIfPresent(Object key) {
        boolean[] present = {false};
        long unused = generations.changed(key);
        orClearLater(() -> present[0] = target.evictIfPresent(key));
        return present[0];
    }

    @Override
    public void clear() {
        nowAndAfterCommit(this::allChanged);
    }

    @Override
    public boolean invalidate() {
        boolean[] present = {false};
        generations.allChanged();
        orClearLater(() -> present[0] = target.invalidate());
        return present[0];
    }
}
