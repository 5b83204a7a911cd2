package io.pgevents.boot.cache;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Tells whether the running thread may get to read what was read before: from the snapshot of its transaction, or from a
 * JPA persistence context that is bound to it and holds entities. JPA need not be there; a persistence context that is
 * not Hibernate's cannot be looked into, so it counts as holding some.
 */
final class OldReads {

    private static final Logger log = LoggerFactory.getLogger(OldReads.class);

    private static final OptionalType HOLDER = new OptionalType("org.springframework.orm.jpa.EntityManagerHolder");
    private static final OptionalType SESSION = new OptionalType("org.hibernate.Session");
    private static final OptionalType STATISTICS = new OptionalType("org.hibernate.stat.SessionStatistics");

    private OldReads() {}

    /**
     * Whether what this thread reads from now on may be older than now.
     *
     * @param defaultIsolation of transactions that do not say it
     */
    static boolean arePossible(int defaultIsolation) {
        return isolation(defaultIsolation) >= TransactionDefinition.ISOLATION_REPEATABLE_READ
                || TransactionSynchronizationManager.getResourceMap().values().stream()
                        .filter(HOLDER::isClassOf)
                        .anyMatch(OldReads::mayHoldEntities);
    }

    private static int isolation(int defaultIsolation) {
        Integer level = TransactionSynchronizationManager.getCurrentTransactionIsolationLevel();
        if (level != null) {
            return level;
        }
        // Without a transaction each statement has a snapshot of its own.
        return TransactionSynchronizationManager.isSynchronizationActive()
                ? defaultIsolation
                : TransactionDefinition.ISOLATION_READ_COMMITTED;
    }

    private static boolean mayHoldEntities(Object holder) {
        try {
            Object session = HOLDER.call(holder, "getEntityManager");
            Object statistics = SESSION.call(session, "getStatistics");
            return !Integer.valueOf(0).equals(STATISTICS.call(statistics, "getEntityCount"));
        } catch (ReflectiveOperationException | RuntimeException | LinkageError ex) {
            log.debug(
                    "The persistence context of {} cannot be looked into, so it counts as holding entities",
                    holder,
                    ex);
            return true;
        }
    }

    /** Lets a native image look into persistence contexts as well. */
    static final class Hints implements RuntimeHintsRegistrar {

        @Override
        public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
            List.of(HOLDER, SESSION, STATISTICS).forEach(each -> each.register(hints, classLoader));
        }
    }
}
