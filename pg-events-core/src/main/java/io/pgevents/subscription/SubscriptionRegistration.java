package io.pgevents.subscription;

import io.pgevents.PgEventsStartException;
import io.pgevents.jdbc.SqlCall;
import io.pgevents.jdbc.SqlStatements;
import io.pgevents.schema.EventSchema;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Writes the declared subscriptions and their routes to the database. The package documentation has the protocol. */
public final class SubscriptionRegistration {

    private static final Logger log = LoggerFactory.getLogger(SubscriptionRegistration.class);
    private static final int ADOPTION_BATCH = 1000;

    private final JdbcTemplate jdbc;
    private final RouteLock lock;
    private final LiveRoutes live;
    private final WaitingTopics waiting;
    private final SqlStatements statements;

    public SubscriptionRegistration(
            DataSource dataSource, PlatformTransactionManager transactionManager, EventSchema schema) {
        this.jdbc = new JdbcTemplate(dataSource);
        this.statements = new SqlStatements(schema);
        this.lock = new RouteLock(jdbc, new TransactionTemplate(transactionManager), statements);
        this.live = new LiveRoutes(jdbc, lock, statements);
        this.waiting = new WaitingTopics(jdbc, statements);
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
        List<String> names = changed.stream().map(Subscription::name).toList();
        if (lock.change(() -> changed.forEach(this::save))) {
            log.info("Registered {}", names);
        } else {
            log.warn(
                    "Registered {} beside open transactions that have published: events these have inserted already do not reach"
                            + " new topics of the subscriptions",
                    names);
        }
    }

    /**
     * Says which topics this application follows live, so that their events are written to the live log. To be repeated
     * every hour: what nobody has named for a day is forgotten.
     */
    public void registerLive(Collection<TopicPattern> topics) {
        live.use(topics);
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

    /** Warns of topics whose events wait for a first subscription for long, once for each of them. */
    public void reportWaiting() {
        waiting.report();
    }

    private void save(Subscription subscription) {
        jdbc.update(SqlCall.of(statements.get("event_subscription/save"))
                .value(subscription.name())
                .value(subscription.settings().isOrdered())
                .array("text", subscription.topics(), TopicPattern::text)
                .value(TopicPattern.regexOf(subscription.topics())));
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
