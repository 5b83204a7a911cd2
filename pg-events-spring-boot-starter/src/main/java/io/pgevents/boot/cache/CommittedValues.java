package io.pgevents.boot.cache;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Collects what was loaded for a cache in one transaction, and stores it after the commit: without what was loaded after
 * a savepoint that was rolled back, because it may be what only that part has seen.
 */
final class CommittedValues implements TransactionSynchronization {

    private static final Logger log = LoggerFactory.getLogger(CommittedValues.class);

    private final GuardedCache owner;
    private final List<Loaded> values = new ArrayList<>();
    private final Map<Object, Integer> savepoints = new HashMap<>();

    private record Loaded(Object key, @Nullable Object value, long generation) {}

    private CommittedValues(GuardedCache owner) {
        this.owner = owner;
    }

    /** Stores after the commit of the running transaction. */
    static void collect(GuardedCache owner, Object key, @Nullable Object value, long generation) {
        ofTransaction(owner).values.add(new Loaded(key, value, generation));
    }

    private static CommittedValues ofTransaction(GuardedCache owner) {
        for (TransactionSynchronization each : TransactionSynchronizationManager.getSynchronizations()) {
            if (each instanceof CommittedValues known && known.owner == owner) {
                return known;
            }
        }
        CommittedValues fresh = new CommittedValues(owner);
        TransactionSynchronizationManager.registerSynchronization(fresh);
        return fresh;
    }

    @Override
    public void savepoint(Object savepoint) {
        savepoints.put(savepoint, values.size());
    }

    /** A savepoint that is not known is older than the first value. */
    @Override
    public void savepointRollback(Object savepoint) {
        int kept = savepoints.getOrDefault(savepoint, 0);
        values.subList(kept, values.size()).clear();
    }

    /** The transaction is committed: what goes wrong now must not look as if it were not. */
    @Override
    public void afterCommit() {
        for (Loaded each : values) {
            try {
                owner.store(each.key(), each.value(), each.generation());
            } catch (RuntimeException ex) {
                log.warn("A value cannot be stored in the cache {}", owner.getName(), ex);
            }
        }
    }
}
