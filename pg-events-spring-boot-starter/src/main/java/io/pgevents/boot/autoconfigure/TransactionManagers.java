package io.pgevents.boot.autoconfigure;

import io.pgevents.PgEventsStartException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Finds the transaction manager whose transactions are those of a data source: the application's preferred one, if that
 * is it, or the first of the others. Another one would begin no transaction on it: a claim would be free again at once, and
 * effects would not be atomic.
 */
final class TransactionManagers {

    private static final Logger log = LoggerFactory.getLogger(TransactionManagers.class);

    private TransactionManagers() {}

    static PlatformTransactionManager of(DataSource dataSource, ObjectProvider<PlatformTransactionManager> beans) {
        List<PlatformTransactionManager> candidates = Stream.concat(
                        Stream.ofNullable(beans.getIfUnique()), beans.orderedStream())
                .distinct()
                .toList();
        if (candidates.isEmpty()) {
            return new JdbcTransactionManager(dataSource);
        }
        Map<String, RuntimeException> failed = new LinkedHashMap<>();
        for (PlatformTransactionManager each : candidates) {
            try {
                if (manages(each, dataSource)) {
                    return each;
                }
            } catch (RuntimeException ex) {
                log.debug("{} cannot begin a transaction, so it is not that of the data source", each, ex);
                failed.put(each.getClass().getName(), ex);
            }
        }
        throw noneManages(candidates, failed);
    }

    /**
     * Whether a transaction of the manager is one on the data source: it has bound a connection when it has begun, and would
     * tell of its end.
     */
    private static boolean manages(PlatformTransactionManager manager, DataSource dataSource) {
        return Boolean.TRUE.equals(new TransactionTemplate(manager)
                .execute(status -> TransactionSynchronizationManager.hasResource(dataSource)
                        && TransactionSynchronizationManager.isSynchronizationActive()));
    }

    private static PgEventsStartException noneManages(
            List<PlatformTransactionManager> candidates, Map<String, RuntimeException> failed) {
        List<String> names =
                candidates.stream().map(each -> each.getClass().getName()).toList();
        String unable = failed.isEmpty() ? "" : ", of which these cannot begin a transaction: " + failed.keySet();
        return new PgEventsStartException(
                "No transaction manager of the application manages the data source of pg-events; there is " + names
                        + unable + ".",
                "Define a JdbcTransactionManager or JpaTransactionManager for that data source, with transaction"
                        + " synchronization, as it is by default.",
                failed.values().stream().findFirst().orElse(null));
    }
}
