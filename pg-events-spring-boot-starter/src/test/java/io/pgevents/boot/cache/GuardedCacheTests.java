package io.pgevents.boot.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.cache.concurrent.ConcurrentMapCache;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Every order in which a loader and a change can meet: the loader's steps are interrupted by the change, one by one. */
@Timeout(60)
class GuardedCacheTests {

    private final Target target = new Target();
    private final GuardedCache cache = new GuardedCache(target);

    /** Runs a change just before, or just after, it stores a value. */
    private static final class Target extends ConcurrentMapCache {
        private final Queue<Runnable> beforePut = new ArrayDeque<>();
        private final Queue<Runnable> afterPut = new ArrayDeque<>();
        private boolean away;

        private Target() {
            super("counters");
        }

        @Override
        public void put(Object key, @Nullable Object value) {
            run(beforePut);
            super.put(key, value);
            run(afterPut);
        }

        @Override
        public void evict(Object key) {
            if (away) {
                throw new IllegalStateException("The cache is away");
            }
            super.evict(key);
        }

        private static void run(Queue<Runnable> steps) {
            Runnable step = steps.poll();
            if (step != null) {
                step.run();
            }
        }
    }

    @AfterEach
    void noTransaction() {
        if (TransactionSynchronizationManager.isSynchronizationActive()) {
            TransactionSynchronizationManager.clear();
        }
    }

    private @Nullable Object stored(Object key) {
        return target.getNativeCache().get(key);
    }

    @Test
    void storesWhatWasLoadedAfterALookup() {
        assertThat(cache.get("ada")).isNull();
        cache.put("ada", 1);
        assertThat(cache.get("ada", Integer.class)).isEqualTo(1);
    }

    @Test
    void aChangeTakesTheEntryAway() {
        cache.get("ada");
        cache.put("ada", 1);
        cache.changed("ada");
        assertThat(stored("ada")).isNull();
    }

    @Test
    void doesNotStoreWhatWasReadBeforeAChange() {
        cache.get("ada");
        cache.changed("ada");
        cache.put("ada", "old");
        assertThat(stored("ada")).isNull();
    }

    @Test
    void doesNotKeepWhatWasStoredWhileAChangeCameIn() {
        cache.get("ada");
        target.beforePut.add(() -> cache.changed("ada"));
        cache.put("ada", "old");
        assertThat(stored("ada")).isNull();
        cache.get("ada");
        target.afterPut.add(() -> cache.changed("ada"));
        cache.put("ada", "old");
        assertThat(stored("ada")).isNull();
    }

    @Test
    void doesNotStoreAnOldValueOverTheNewOne() {
        cache.get("ada");
        cache.changed("ada", "new");
        cache.put("ada", "old");
        assertThat(stored("ada")).isIn("new", null);
        cache.get("grace");
        target.beforePut.add(() -> cache.changed("grace", "new"));
        cache.put("grace", "old");
        assertThat(stored("grace")).isIn("new", null);
    }

    @Test
    void aGapIsAChangeOfEveryKey() {
        cache.get("ada");
        cache.put("ada", 1);
        cache.get("grace");
        cache.allChanged();
        cache.put("grace", "old");
        assertThat(target.getNativeCache()).isEmpty();
    }

    @Test
    void anAtomicLoadThatMeetsAChangeIsNotKept() throws InterruptedException {
        // The target keeps the change out until it has stored what was loaded.
        Thread change = new Thread(() -> cache.changed("ada"));
        String loaded = cache.get("ada", () -> {
            change.start();
            return "old";
        });
        change.join();
        assertThat(loaded).isEqualTo("old");
        assertThat(stored("ada")).isNull();
        assertThat(cache.<String>get("ada", () -> "new")).isEqualTo("new");
        assertThat(stored("ada")).isEqualTo("new");
    }

    @Test
    void anAsynchronousLoadThatMeetsAChangeIsNotKept() throws InterruptedException {
        CompletableFuture<String> loading = new CompletableFuture<>();
        CompletableFuture<String> loaded = cache.retrieve("ada", () -> loading);
        Thread change = new Thread(() -> cache.changed("ada"));
        change.start();
        loading.complete("old");
        assertThat(loaded.join()).isEqualTo("old");
        change.join();
        assertThat(stored("ada")).isNull();
    }

    @Test
    void aPutWithoutALookupTakesTheEntryAway() {
        cache.get("ada");
        cache.put("ada", 1);
        cache.put("ada", 2);
        assertThat(stored("ada")).isNull();
    }

    @Test
    void lookupsOfOtherKeysDoNotDisturb() {
        cache.get("ada");
        cache.get("grace");
        cache.put("grace", 2);
        cache.put("ada", 1);
        assertThat(target.getNativeCache()).hasSize(2);
    }

    @Test
    void storesWhatATransactionHasReadAfterItsCommit() {
        begin(null);
        cache.get("ada");
        cache.put("ada", 1);
        assertThat(stored("ada")).isNull();
        commit();
        assertThat(stored("ada")).isEqualTo(1);
    }

    @Test
    void doesNotStoreWhatATransactionHasReadBeforeAChange() {
        begin(null);
        cache.get("ada");
        cache.put("ada", "old");
        cache.changed("ada");
        commit();
        assertThat(stored("ada")).isNull();
    }

    @Test
    void storesNothingOfATransactionThatIsRolledBack() {
        begin(null);
        cache.get("ada");
        cache.put("ada", "only seen by its own transaction");
        assertThat(cache.<String>get("grace", () -> "the same")).isEqualTo("the same");
        TransactionSynchronizationManager.clear();
        assertThat(target.getNativeCache()).isEmpty();
    }

    @Test
    void storesNothingThatWasReadFromAnOldSnapshot() {
        begin(TransactionDefinition.ISOLATION_REPEATABLE_READ);
        cache.get("ada");
        cache.put("ada", "old");
        commit();
        assertThat(stored("ada")).isNull();
    }

    @Test
    void isClearedWhenItComesBackAfterAChangeItHasMissed() {
        cache.get("ada");
        cache.put("ada", "old");
        target.away = true;
        assertThatIllegalStateException().isThrownBy(() -> cache.changed("ada"));
        target.away = false;
        assertThat(cache.get("ada")).isNull();
    }

    @Test
    void isClearedWhenAnOldValueCouldNotBeTakenAway() {
        cache.get("ada");
        target.afterPut.add(() -> {
            cache.changed("ada");
            target.away = true;
            target.getNativeCache().put("ada", "old");
        });
        assertThatIllegalStateException().isThrownBy(() -> cache.put("ada", "old"));
        target.away = false;
        assertThat(cache.get("ada")).isNull();
    }

    private static void begin(@Nullable Integer isolation) {
        TransactionSynchronizationManager.initSynchronization();
        TransactionSynchronizationManager.setActualTransactionActive(true);
        TransactionSynchronizationManager.setCurrentTransactionIsolationLevel(isolation);
    }

    private static void commit() {
        var synchronizations = TransactionSynchronizationManager.getSynchronizations();
        TransactionSynchronizationManager.clear();
        synchronizations.forEach(TransactionSynchronization::afterCommit);
    }
}
