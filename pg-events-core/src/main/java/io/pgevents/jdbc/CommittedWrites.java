package io.pgevents.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.springframework.core.Ordered;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Tells what a joining template has written, once it is committed: after the commit of the caller's transaction, or at once
 * without one. Thread-safe.
 *
 * <p>It also commits what is written when a transaction is over, but its connection is still bound to the thread. Nobody else
 * does; where the pool has auto-commit off it would be rolled back without a word. While Spring calls
 * {@code afterCompletion}, there is no synchronization any more, and the commit comes at once. While it calls
 * {@code afterCommit}, nothing can be told from a running transaction: only who has heard of the commit before, or has not
 * heard of one when all is over, knows that something was written after it; so that is committed and told then.
 *
 * @param <S> the sum of what was written
 */
public final class CommittedWrites<S> {

    private final JdbcTemplate jdbc;
    private final Supplier<S> nothing;
    private final Consumer<S> listener;

    /**
     * For one joining template.
     *
     * @param nothing makes a sum without anything
     * @param listener is told of the sum, twice if something is written between; must not throw
     */
    public CommittedWrites(JdbcTemplate joining, Supplier<S> nothing, Consumer<S> listener) {
        this.jdbc = joining;
        this.nothing = nothing;
        this.listener = listener;
    }

    /** A statement has written something, which is added to a sum. */
    public void written(Consumer<S> addition) {
        if (CommittedItems.isInTransaction()) {
            ofTransaction().add(addition);
            return;
        }
        if (!TransactionSynchronizationManager.isSynchronizationActive() && isBound()) {
            commit();
        }
        S sum = nothing.get();
        addition.accept(sum);
        listener.accept(sum);
    }

    /** Nothing else tells: whoever joins a transaction that is over, as a repository does, leaves none behind. */
    private boolean isBound() {
        return TransactionSynchronizationManager.isActualTransactionActive()
                || TransactionSynchronizationManager.hasResource(Objects.requireNonNull(jdbc.getDataSource()));
    }

    private OfTransaction ofTransaction() {
        for (TransactionSynchronization each : TransactionSynchronizationManager.getSynchronizations()) {
            if (each instanceof CommittedWrites<?>.OfTransaction known && known.owner() == this) {
                @SuppressWarnings("unchecked")
                OfTransaction own = (OfTransaction) known;
                return own;
            }
        }
        OfTransaction fresh = new OfTransaction();
        TransactionSynchronizationManager.registerSynchronization(fresh);
        return fresh;
    }

    private void commit() {
        jdbc.execute((ConnectionCallback<Boolean>) CommittedWrites::commitOpen);
    }

    private static boolean commitOpen(Connection connection) throws SQLException {
        boolean open = !connection.getAutoCommit();
        if (open) {
            connection.commit();
        }
        return open;
    }

    /** The sum of one transaction. */
    private final class OfTransaction implements TransactionSynchronization {

        private S sum = nothing.get();
        private boolean written;

        CommittedWrites<S> owner() {
            return CommittedWrites.this;
        }

        void add(Consumer<S> addition) {
            addition.accept(sum);
            written = true;
        }

        /** Before all others, so that what they write when they are told of the commit is told when it is committed. */
        @Override
        public int getOrder() {
            return Ordered.HIGHEST_PRECEDENCE;
        }

        @Override
        public void afterCommit() {
            tell();
        }

        @Override
        public void afterCompletion(int status) {
            if (status == STATUS_COMMITTED && written) {
                commit();
                tell();
            }
        }

        private void tell() {
            S committed = sum;
            sum = nothing.get();
            written = false;
            listener.accept(committed);
        }
    }
}
