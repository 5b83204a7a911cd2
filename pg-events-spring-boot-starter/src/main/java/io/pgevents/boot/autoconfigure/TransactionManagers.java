package io.pgevents.boot.autoconfigure;

import io.pgevents.PgEventsStartException;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Finds the transaction manager whose transactions are those of a data source. Another one would begin no transaction
 * on it: a claim would be free again at once, and effects would not be atomic.
 */
final class TransactionManagers {

    private TransactionManagers() {}

    static PlatformTransactionManager of(DataSource dataSource, ObjectProvider<PlatformTransactionManager> beans) {
        PlatformTransactionManager preferred = beans.getIfUnique();
        List<PlatformTransactionManager> candidates =
                preferred != null ? List.of(preferred) : beans.orderedStream().toList();
        if (candidates.isEmpty()) {
            return new JdbcTransactionManager(dataSource);
        }
        return candidates.stream()
                .filter(each -> manages(each, dataSource))
                .findFirst()
                .orElseThrow(() -> new PgEventsStartException(
                        "No transaction manager of the application manages the data source of pg-events; there is "
                                + candidates.stream()
                                        .map(each -> each.getClass().getName())
                                        .toList()
                                + ".",
                        "Define a JdbcTransactionManager or JpaTransactionManager for that data source, and make it @Primary"
                                + " if there are several."));
    }

    /** Whether a transaction of the manager is one on the data source: it has bound a connection when it has begun. */
    private static boolean manages(PlatformTransactionManager manager, DataSource dataSource) {
        return Boolean.TRUE.equals(new TransactionTemplate(manager)
                .execute(status -> TransactionSynchronizationManager.hasResource(dataSource)));
    }
}
