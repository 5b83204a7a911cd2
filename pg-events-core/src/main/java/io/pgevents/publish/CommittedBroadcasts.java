package io.pgevents.publish;

import io.pgevents.publish.JdbcEventPublisher.PreparedEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Collects what one transaction broadcasts, and hands it on after the commit. */
final class CommittedBroadcasts implements TransactionSynchronization {

    private static final Logger log = LoggerFactory.getLogger(CommittedBroadcasts.class);

    private final Broadcasts owner;
    private final List<PreparedEvent> events = new ArrayList<>();
    private final Map<Object, Integer> savepoints = new HashMap<>();

    private CommittedBroadcasts(Broadcasts owner) {
        this.owner = owner;
    }

    /** Hands on after the commit of the running transaction, or at once if there is none. */
    static void collect(Broadcasts owner, PreparedEvent event) {
        if (TransactionSynchronizationManager.isActualTransactionActive()
                && TransactionSynchronizationManager.isSynchronizationActive()) {
            ofTransaction(owner).events.add(event);
        } else {
            owner.add(List.of(event));
        }
    }

    private static CommittedBroadcasts ofTransaction(Broadcasts owner) {
        for (TransactionSynchronization each : TransactionSynchronizationManager.getSynchronizations()) {
            if (each instanceof CommittedBroadcasts known && known.owner == owner) {
                return known;
            }
        }
        CommittedBroadcasts fresh = new CommittedBroadcasts(owner);
        TransactionSynchronizationManager.registerSynchronization(fresh);
        return fresh;
    }

    @Override
    public void savepoint(Object savepoint) {
        savepoints.put(savepoint, events.size());
    }

    /** A savepoint that is not known is older than the first broadcast. */
    @Override
    public void savepointRollback(Object savepoint) {
        int kept = savepoints.getOrDefault(savepoint, 0);
        events.subList(kept, events.size()).clear();
    }

    /** The transaction is committed: what goes wrong now must not look as if it were not. */
    @Override
    public void afterCommit() {
        try {
            owner.add(events);
        } catch (RuntimeException ex) {
            log.error("{} broadcasts of a committed transaction are lost", events.size(), ex);
        }
    }
}
