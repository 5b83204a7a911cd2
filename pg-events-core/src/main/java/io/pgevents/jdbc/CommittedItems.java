package io.pgevents.jdbc;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.springframework.core.Ordered;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Collects something in one transaction, and hands it on after the commit: without what came after a savepoint that was
 * rolled back.
 *
 * @param <T> what is collected
 */
public final class CommittedItems<T> implements TransactionSynchronization {

    private final Consumer<List<T>> owner;
    private final List<T> items = new ArrayList<>();
    private final Map<Object, Integer> savepoints = new HashMap<>();

    private CommittedItems(Consumer<List<T>> owner) {
        this.owner = owner;
    }

    /** Whether there is a running transaction that will tell of its end. */
    public static boolean isInTransaction() {
        return TransactionSynchronizationManager.isActualTransactionActive()
                && TransactionSynchronizationManager.isSynchronizationActive();
    }

    /**
     * Collects in the running transaction.
     *
     * @param owner gets all of its items after the commit, and in a second call what is collected while others are told of
     *     the commit; must not throw: nothing is to look as if the transaction had not been committed; the same object
     *     each time
     */
    public static <T> void collect(Consumer<List<T>> owner, T item) {
        ofTransaction(owner).items.add(item);
    }

    @SuppressWarnings("unchecked")
    private static <T> CommittedItems<T> ofTransaction(Object owner) {
        for (TransactionSynchronization each : TransactionSynchronizationManager.getSynchronizations()) {
            if (each instanceof CommittedItems<?> known && known.owner == owner) {
                return (CommittedItems<T>) known;
            }
        }
        CommittedItems<T> fresh = new CommittedItems<>((Consumer<List<T>>) owner);
        TransactionSynchronizationManager.registerSynchronization(fresh);
        return fresh;
    }

    @Override
    public void savepoint(Object savepoint) {
        savepoints.put(savepoint, items.size());
    }

    /** A savepoint that is not known is older than the first item. */
    @Override
    public void savepointRollback(Object savepoint) {
        int kept = savepoints.getOrDefault(savepoint, 0);
        items.subList(kept, items.size()).clear();
    }

    /** Before all others, so that what they collect when they are told of the end stays behind. */
    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }

    @Override
    public void afterCommit() {
        handOn();
    }

    /** What the {@code afterCommit} of others has collected; who is registered as late as that hears of nothing else. */
    @Override
    public void afterCompletion(int status) {
        if (status == STATUS_COMMITTED) {
            handOn();
        }
    }

    private void handOn() {
        if (!items.isEmpty()) {
            List<T> collected = new ArrayList<>(items);
            items.clear();
            owner.accept(collected);
        }
    }
}
