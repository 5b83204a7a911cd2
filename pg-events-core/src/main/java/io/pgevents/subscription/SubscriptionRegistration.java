package io.pgevents.subscription;

import io.pgevents.PgEventsStartException;
import io.pgevents.jdbc.SqlCall;
import io.pgevents.jdbc.SqlStatements;
import io.pgevents.schema.EventSchema;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.PessimisticLockingFailureException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Writes the declared subscriptions and their routes to the database. The package documentation has the protocol. */
public final class SubscriptionRegistration {

    private static final Logger log = LoggerFactory.getLogger(SubscriptionRegistration.class);
    private static final String LOCK_NOT_AVAILABLE = "55P03";
    private static final int LOCK_TRIES = 8;
    private static final int ADOPTION_BATCH = 1000;

    private final JdbcTemplate jdbc;
    private final TransactionTemplate transaction;
    private final SqlStatements statements;

    public SubscriptionRegistration(
            DataSource dataSource, PlatformTransactionManager transactionManager, EventSchema schema) {
        this.jdbc = new JdbcTemplate(dataSource);
        this.transaction = new TransactionTemplate(transactionManager);
        this.statements = new SqlStatements(schema);
    }

    /**
     * Registers subscriptions.
     *
     * @throws PgEventsStartException if two of them have one name
     */
    public void register(List<Subscription> subscriptions) {
        requireUniqueNames(subscriptions);
        registerRoutes(subscriptions);
        jdbc.update(SqlCall.of(statements.get("event_subscription/limit"))
                .array("text", subscriptions, Subscription::name)
                .array("int4", subscriptions, each -> each.settings().retry().maxAttempts()));
    }

    private void registerRoutes(List<Subscription> subscriptions) {
        Map<String, Registered> known = registered();
        List<Subscription> changed = subscriptions.stream()
                .filter(each -> !matches(each, known.get(each.name())))
                .toList();
        if (changed.isEmpty()) {
            return;
        }
        for (int tries = 1; tries <= LOCK_TRIES; tries++) {
            if (saveLocked(changed)) {
                log.info(
                        "Registered {}",
                        changed.stream().map(Subscription::name).toList());
                return;
            }
        }
        transaction.executeWithoutResult(status -> changed.forEach(this::save));
        log.warn(
                "Registered {} beside open transactions that have published: events these have inserted already do not reach"
                        + " new topics of the subscriptions",
                changed.stream().map(Subscription::name).toList());
    }

    /** Gives events that wait for their first subscription to these; each batch in a transaction of its own. */
    public int adoptWaiting(List<Subscription> subscriptions) {
        String adopt = statements.get("event_queue/adopt");
        int adopted = 0;
        int batch;
        do {
            batch = jdbc.update(SqlCall.of(adopt)
                    .array("text", subscriptions, Subscription::name)
                    .value(ADOPTION_BATCH));
            adopted += batch;
        } while (batch > 0 && !Thread.currentThread().isInterrupted());
        if (adopted > 0) {
            log.info("{} events that waited for a subscription have found one", adopted);
        }
        return adopted;
    }

    private boolean saveLocked(List<Subscription> changed) {
        try {
            transaction.executeWithoutResult(status -> {
                jdbc.execute("SET LOCAL lock_timeout = '250ms'");
                jdbc.execute(statements.get("event_subscription/lock"));
                changed.forEach(this::save);
            });
            return true;
        } catch (DataAccessException ex) {
            if (!isLockTimeout(ex)) {
                throw ex;
            }
            log.debug("Open transactions that have published hold up the registration: {}", ex.getMessage());
            return false;
        }
    }

    /** Spring has no exception of its own for this state. */
    private static boolean isLockTimeout(DataAccessException failure) {
        return failure instanceof PessimisticLockingFailureException
                || (failure.getMostSpecificCause() instanceof SQLException cause
                        && LOCK_NOT_AVAILABLE.equals(cause.getSQLState()));
    }

    private void save(Subscription subscription) {
        String regexes = subscription.topics().stream()
                .map(TopicPattern::regex)
                .filter(Objects::nonNull)
                .collect(Collectors.joining("|"));
        jdbc.update(SqlCall.of(statements.get("event_subscription/save"))
                .value(subscription.name())
                .value(subscription.settings().isOrdered())
                .array("text", subscription.topics(), TopicPattern::text)
                .value(regexes.isEmpty() ? null : regexes));
    }

    private Map<String, Registered> registered() {
        Map<String, Registered> all = new HashMap<>();
        jdbc.query(statements.get("event_subscription/list"), row -> {
            String[] topics = (String[]) row.getArray("topics").getArray();
            all.put(row.getString("name"), new Registered(row.getBoolean("ordered"), Set.copyOf(List.of(topics))));
        });
        return all;
    }

    private static boolean matches(Subscription declared, @Nullable Registered known) {
        return known != null
                && known.ordered() == declared.settings().isOrdered()
                && known.topics()
                        .equals(declared.topics().stream()
                                .map(TopicPattern::text)
                                .collect(Collectors.toSet()));
    }

    private static void requireUniqueNames(List<Subscription> subscriptions) {
        Set<String> names = new HashSet<>();
        for (Subscription each : subscriptions) {
            if (!names.add(each.name())) {
                throw new PgEventsStartException(
                        "Two subscriptions have the name \"" + each.name() + "\".",
                        "Give each @PgSubscribe method a subscription name of its own.");
            }
        }
    }

    private record Registered(boolean ordered, Set<String> topics) {}
}
