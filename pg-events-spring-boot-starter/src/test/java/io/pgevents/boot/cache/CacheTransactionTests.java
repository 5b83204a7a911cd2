package io.pgevents.boot.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.cache.concurrent.ConcurrentMapCache;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** What is loaded inside transactions, whose callbacks are called as Spring calls them. */
class CacheTransactionTests {

    private final Fragile target = new Fragile();
    private final Following following = new Following();
    private final GuardedCache cache = new GuardedCache(target, following);

    /** A cache that refuses one value. */
    private static final class Fragile extends ConcurrentMapCache {

        private Fragile() {
            super("counters");
        }

        @Override
        public void put(Object key, @Nullable Object value) {
            if ("refused".equals(value)) {
                throw new IllegalStateException("The cache is away");
            }
            super.put(key, value);
        }
    }

    @BeforeEach
    void follow() {
        following.begin(Connection.TRANSACTION_READ_COMMITTED);
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

    private void load(Object key, Object value) {
        assertThat(cache.get(key)).isNull();
        cache.put(key, value);
    }

    @Test
    void storesWhatATransactionHasReadAfterItsCommit() {
        begin(null);
        load("ada", 1);
        assertThat(stored("ada")).isNull();
        commit();
        assertThat(stored("ada")).isEqualTo(1);
    }

    @Test
    void doesNotStoreWhatATransactionHasReadBeforeAChange() {
        begin(null);
        load("ada", "old");
        cache.changed("ada");
        commit();
        assertThat(stored("ada")).isNull();
    }

    @Test
    void storesNothingOfATransactionThatIsRolledBack() {
        begin(null);
        load("ada", "only seen by its own transaction");
        assertThat(cache.<String>get("grace", () -> "the same")).isEqualTo("the same");
        assertThat(cache.retrieve("alan", () -> CompletableFuture.completedFuture("the same"))
                        .join())
                .isEqualTo("the same");
        TransactionSynchronizationManager.clear();
        assertThat(target.getNativeCache()).isEmpty();
    }

    @Test
    void storesNothingOfASavepointThatIsRolledBack() {
        begin(null);
        savepoint("early");
        rollBackTo("early");
        load("ada", 1);
        savepoint("nested");
        load("grace", "only seen by the nested part");
        rollBackTo("nested");
        load("alan", 3);
        commit();
        assertThat(stored("ada")).isEqualTo(1);
        assertThat(stored("grace")).isNull();
        assertThat(stored("alan")).isEqualTo(3);
    }

    @Test
    void storesNothingAfterASavepointThatIsOlderThanTheFirstValue() {
        begin(null);
        savepoint("nested");
        load("ada", "only seen by the nested part");
        rollBackTo("nested");
        commit();
        assertThat(target.getNativeCache()).isEmpty();
    }

    @Test
    void storesNothingThatWasReadFromAnOldSnapshot() {
        begin(TransactionDefinition.ISOLATION_REPEATABLE_READ);
        load("ada", "old");
        commit();
        assertThat(stored("ada")).isNull();
    }

    @Test
    void takesTheIsolationOfTheServerForATransactionThatSaysNothing() {
        following.begin(Connection.TRANSACTION_REPEATABLE_READ);
        begin(null);
        load("ada", "old");
        commit();
        assertThat(stored("ada")).isNull();
        begin(TransactionDefinition.ISOLATION_READ_COMMITTED);
        load("ada", 1);
        commit();
        assertThat(stored("ada")).isEqualTo(1);
        load("grace", 2);
        assertThat(stored("grace")).isEqualTo(2);
    }

    @Test
    void aValueThatCannotBeStoredDoesNotLookLikeAFailedCommit() {
        begin(null);
        load("ada", "refused");
        load("grace", 2);
        commit();
        assertThat(stored("ada")).isNull();
        assertThat(stored("grace")).isEqualTo(2);
    }

    private static void begin(@Nullable Integer isolation) {
        TransactionSynchronizationManager.initSynchronization();
        TransactionSynchronizationManager.setActualTransactionActive(true);
        TransactionSynchronizationManager.setCurrentTransactionIsolationLevel(isolation);
    }

    private static void savepoint(Object savepoint) {
        TransactionSynchronizationManager.getSynchronizations().forEach(each -> each.savepoint(savepoint));
    }

    private static void rollBackTo(Object savepoint) {
        TransactionSynchronizationManager.getSynchronizations().forEach(each -> each.savepointRollback(savepoint));
    }

    private static void commit() {
        var synchronizations = TransactionSynchronizationManager.getSynchronizations();
        TransactionSynchronizationManager.clear();
        synchronizations.forEach(TransactionSynchronization::afterCommit);
    }
}
