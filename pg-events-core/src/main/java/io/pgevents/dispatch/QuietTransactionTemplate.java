package io.pgevents.dispatch;

import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.CallbackPreferringPlatformTransactionManager;
import org.springframework.transaction.support.TransactionCallback;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Says nothing when a rollback fails because the connection is gone, where Spring's own template logs an ERROR each time:
 * an outage is told once, by whoever began the transaction. The failure of the rollback is what is thrown, as there.
 */
@SuppressWarnings("serial") // As every template; nobody serializes it.
final class QuietTransactionTemplate extends TransactionTemplate {

    private final PlatformTransactionManager manager;

    QuietTransactionTemplate(PlatformTransactionManager manager) {
        super(manager);
        this.manager = manager;
    }

    @Override
    public <T> T execute(TransactionCallback<T> action) {
        if (manager instanceof CallbackPreferringPlatformTransactionManager) {
            return super.execute(action);
        }
        TransactionStatus status = manager.getTransaction(this);
        T result;
        try {
            result = action.doInTransaction(status);
        } catch (Throwable ex) {
            rollback(status, ex);
            throw ex;
        }
        manager.commit(status);
        return result;
    }

    private void rollback(TransactionStatus status, Throwable cause) {
        try {
            manager.rollback(status);
        } catch (RuntimeException | Error ex) {
            ex.addSuppressed(cause);
            throw ex;
        }
    }
}
