package io.pgevents.boot.cache;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.util.ClassUtils;

/**
 * Tells whether the running thread may get to read what was read before: from the snapshot of its transaction, or from a
 * JPA persistence context that is bound to it and holds entities. JPA need not be there; a persistence context that is
 * not Hibernate's cannot be looked into, so it counts as holding some.
 */
final class OldReads {

    private static final Logger log = LoggerFactory.getLogger(OldReads.class);

    private static final String HOLDER = "org.springframework.orm.jpa.EntityManagerHolder";
    private static final String SESSION = "org.hibernate.Session";
    private static final String STATISTICS = "org.hibernate.stat.SessionStatistics";

    private OldReads() {}

    /**
     * Whether what this thread reads from now on may be older than now.
     *
     * @param defaultIsolation of transactions that do not say it
     */
    static boolean arePossible(int defaultIsolation) {
        return isolation(defaultIsolation) >= TransactionDefinition.ISOLATION_REPEATABLE_READ
                || TransactionSynchronizationManager.getResourceMap().values().stream()
                        .filter(OldReads::isHolder)
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

    private static boolean isHolder(Object resource) {
        Class<?> type = resource.getClass();
        while (type != null && !type.getName().equals(HOLDER)) {
            type = type.getSuperclass();
        }
        return type != null;
    }

    private static boolean mayHoldEntities(Object holder) {
        try {
            Object session = call(holder, HOLDER, "getEntityManager");
            Object statistics = call(session, SESSION, "getStatistics");
            return !Integer.valueOf(0).equals(call(statistics, STATISTICS, "getEntityCount"));
        } catch (ReflectiveOperationException | RuntimeException | LinkageError ex) {
            log.debug(
                    "The persistence context of {} cannot be looked into, so it counts as holding entities",
                    holder,
                    ex);
            return true;
        }
    }

    /** By the method of the type, because the class of the object may be a proxy nobody may look into. */
    private static Object call(Object on, String type, String method) throws ReflectiveOperationException {
        Class<?> declared = ClassUtils.forName(type, on.getClass().getClassLoader());
        Object result = declared.getMethod(method).invoke(declared.cast(on));
        if (result == null) {
            throw new IllegalStateException(type + "." + method + "() gives nothing");
        }
        return result;
    }

    /** Lets a native image look into persistence contexts as well. */
    static final class Hints implements RuntimeHintsRegistrar {

        @Override
        public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
            for (String type : List.of(HOLDER, SESSION, STATISTICS)) {
                hints.reflection().registerTypeIfPresent(classLoader, type, MemberCategory.INVOKE_PUBLIC_METHODS);
            }
        }
    }
}
