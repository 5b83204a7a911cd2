package io.pgevents.publish;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.springframework.core.Ordered;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Collects what one transaction publishes, and tells the listener after the commit; also of what is published then. */
final class CommittedDeliveries implements TransactionSynchronization {

    private final JdbcEventPublisher owner;
    private final Map<String, Duration> firstDue = new HashMap<>();

    private CommittedDeliveries(JdbcEventPublisher owner) {
        this.owner = owner;
    }

    /** Tells after the commit of the running transaction, or at once if there is none, or if it is over. */
    static void tell(JdbcEventPublisher owner, Map<String, Duration> deliveries) {
        if (deliveries.isEmpty()) {
            return;
        }
        if (TransactionSynchronizationManager.isActualTransactionActive()
                && TransactionSynchronizationManager.isSynchronizationActive()) {
            ofTransaction(owner).add(deliveries);
        } else {
            deliveries.forEach(owner::tell);
        }
    }

    private static CommittedDeliveries ofTransaction(JdbcEventPublisher owner) {
        for (TransactionSynchronization each : TransactionSynchronizationManager.getSynchronizations()) {
            if (each instanceof CommittedDeliveries known && known.owner == owner) {
                return known;
            }
        }
        CommittedDeliveries fresh = new CommittedDeliveries(owner);
        TransactionSynchronizationManager.registerSynchronization(fresh);
        return fresh;
    }

    private void add(Map<String, Duration> deliveries) {
        deliveries.forEach((subscription, due) -> firstDue.merge(subscription, due, CommittedDeliveries::shorter));
    }

    static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b;
    }

    /** Before all others, so that what they publish when they are told of the commit is told when it is committed. */
    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }

    @Override
    public void afterCommit() {
        tellAll();
    }

    @Override
    public void afterCompletion(int status) {
        if (status == STATUS_COMMITTED) {
            tellAll();
        }
    }

    private void tellAll() {
        firstDue.forEach(owner::tell);
        firstDue.clear();
    }
}
