package io.pgevents.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import org.springframework.core.Ordered;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Commits what is written when a transaction is over, but its connection is still bound to the thread. Nobody else does;
 * where the pool has auto-commit off it would be rolled back without a word.
 *
 * <p>While Spring calls {@code afterCompletion}, there is no synchronization any more, and the commit comes at once. While it
 * calls {@code afterCommit}, nothing can be told from a running transaction: only who has heard of the commit before, or has
 * not heard of one when all is over, knows that something was written after it.
 */
final class LateCommit implements TransactionSynchronization {

    private final JdbcTemplate jdbc;
    private boolean written;

    private LateCommit(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /** A statement has written something. */
    static void written(JdbcTemplate jdbc) {
        if (!TransactionSynchronizationManager.isSynchronizationActive()) {
            if (isBound(jdbc)) {
                commit(jdbc);
            }
        } else if (TransactionSynchronizationManager.isActualTransactionActive()) {
            ofTransaction(jdbc).written = true;
        }
    }

    /** Nothing else tells: whoever joins a transaction that is over, as a repository does, leaves none behind. */
    private static boolean isBound(JdbcTemplate jdbc) {
        return TransactionSynchronizationManager.isActualTransactionActive()
                || TransactionSynchronizationManager.hasResource(Objects.requireNonNull(jdbc.getDataSource()));
    }

    private static LateCommit ofTransaction(JdbcTemplate jdbc) {
        for (TransactionSynchronization each : TransactionSynchronizationManager.getSynchronizations()) {
            if (each instanceof LateCommit known && known.jdbc == jdbc) {
                return known;
            }
        }
        LateCommit fresh = new LateCommit(jdbc);
        TransactionSynchronizationManager.registerSynchronization(fresh);
        return fresh;
    }

    private static void commit(JdbcTemplate jdbc) {
        jdbc.execute((ConnectionCallback<Boolean>) LateCommit::commitOpen);
    }

    private static boolean commitOpen(Connection connection) throws SQLException {
        boolean open = !connection.getAutoCommit();
        if (open) {
            connection.commit();
        }
        return open;
    }

    /** Hears of the commit before all others, who may write something then. */
    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }

    @Override
    public void afterCommit() {
        written = false;
    }

    @Override
    public void afterCompletion(int status) {
        if (status == STATUS_COMMITTED && written) {
            commit(jdbc);
        }
    }
}
