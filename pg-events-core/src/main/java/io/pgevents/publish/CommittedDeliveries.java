package io.pgevents.publish;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Collects what one transaction publishes, and tells the listener once after the commit. */
final class CommittedDeliveries implements TransactionSynchronization {

    private final JdbcEventPublisher owner;
    private final Map<String, Duration> firstDue = new HashMap<>();

    private CommittedDeliveries(JdbcEventPublisher owner) {
        this.owner = owner;
    }

    /** Tells after the commit of the running transaction, or at once if there is none. */
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

    @Override
    public void afterCommit() {
        firstDue.forEach(owner::tell);
    }
}
