package io.pgevents.subscription;

import io.pgevents.jdbc.SqlCall;
import io.pgevents.jdbc.SqlStatements;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The routes of durable subscriptions: a subscription has the topics that any of the running instances declares. So an
 * older version that starts again during a rollout takes nothing away from a newer one, and what nobody declares any more
 * goes with the last instance that did. Thread-safe.
 */
final class DurableRoutes {

    private static final Logger log = LoggerFactory.getLogger(DurableRoutes.class);

    private final JdbcTemplate jdbc;
    private final RouteLock lock;
    private final SqlStatements statements;

    DurableRoutes(JdbcTemplate jdbc, RouteLock lock, SqlStatements statements) {
        this.jdbc = jdbc;
        this.lock = lock;
        this.statements = statements;
    }

    /** Notes that an instance runs, and what it declares, for as long as it has its row. Writes nothing if nobody doubts it. */
    void declare(int node, List<Subscription> subscriptions) {
        List<Declared> declared = subscriptions.stream()
                .flatMap(each -> each.topics().stream().map(topic -> new Declared(each, topic)))
                .toList();
        jdbc.update(SqlCall.of(statements.get("event_node_topic/declare"))
                .value(node)
                .array("text", declared, each -> each.subscription().name())
                .array("text", declared, each -> each.topic().text())
                .array("bool", declared, each -> each.subscription().settings().isOrdered())
                .value(node));
    }

    /** Asks instances that declare something else whether they still run; who does not answer for an hour is forgotten. */
    void askOthers(int node, List<Subscription> subscriptions) {
        jdbc.update(SqlCall.of(statements.get("event_node_topic/ask"))
                .value(node)
                .array("text", subscriptions, Subscription::name));
    }

    /** Makes the routes of these subscriptions what they and all running instances declare. Takes no lock if they are. */
    void route(List<Subscription> subscriptions) {
        Map<String, Route> wanted = wanted(subscriptions);
        Map<String, Route> known = registered();
        List<String> changed = subscriptions.stream()
                .map(Subscription::name)
                .filter(name -> !route(wanted, name).equals(known.get(name)))
                .toList();
        if (changed.isEmpty()) {
            return;
        }
        if (changed.stream().allMatch(name -> route(wanted, name).isPartOf(known.get(name)))) {
            lock.changeBeside(() -> save(changed, subscriptions));
            log.info(
                    "No running instance declares some of the topics of {} any more: they are not routed to them now",
                    changed);
        } else if (lock.change(() -> save(changed, subscriptions))) {
            log.info("Registered {}", changed);
        } else {
            log.warn(
                    "Registered {} beside open transactions that have published: events these have inserted already do not reach"
                            + " new topics of the subscriptions",
                    changed);
        }
    }

    /** In a transaction, all is read again: others may have declared something meanwhile. */
    private void save(List<String> names, List<Subscription> subscriptions) {
        Map<String, Route> wanted = wanted(subscriptions);
        for (String name : names) {
            Route route = route(wanted, name);
            List<TopicPattern> topics =
                    route.topics().stream().map(TopicPattern::new).toList();
            jdbc.update(SqlCall.of(statements.get("event_subscription/save"))
                    .value(name)
                    .value(route.ordered())
                    .array("text", topics, TopicPattern::text)
                    .value(TopicPattern.regexOf(topics)));
        }
    }

    private static Route route(Map<String, Route> routes, String name) {
        return Objects.requireNonNull(routes.get(name));
    }

    private Map<String, Route> wanted(List<Subscription> subscriptions) {
        Map<String, Route> wanted = new HashMap<>();
        SqlCall call =
                SqlCall.of(statements.get("event_node_topic/list")).array("text", subscriptions, Subscription::name);
        jdbc.query(call, row -> {
            wanted.put(row.getString("name"), Route.of(row));
        });
        subscriptions.forEach(each -> wanted.merge(each.name(), Route.of(each), Route::and));
        return wanted;
    }

    private Map<String, Route> registered() {
        Map<String, Route> registered = new HashMap<>();
        jdbc.query(statements.get("event_subscription/list"), row -> {
            registered.put(row.getString("name"), Route.of(row));
        });
        return registered;
    }

    private record Declared(Subscription subscription, TopicPattern topic) {}

    /**
     * What is routed to a subscription.
     *
     * @param topics as they are written, in the order of their letters
     */
    private record Route(boolean ordered, Set<String> topics) {

        static Route of(Subscription subscription) {
            return new Route(
                    subscription.settings().isOrdered(),
                    subscription.topics().stream()
                            .map(TopicPattern::text)
                            .collect(Collectors.toCollection(TreeSet::new)));
        }

        static Route of(ResultSet row) throws SQLException {
            String[] topics = (String[]) row.getArray("topics").getArray();
            return new Route(row.getBoolean("ordered"), new TreeSet<>(List.of(topics)));
        }

        Route and(Route other) {
            return new Route(
                    ordered || other.ordered,
                    Stream.concat(topics.stream(), other.topics.stream())
                            .collect(Collectors.toCollection(TreeSet::new)));
        }

        /** Whether another one has all of this. */
        boolean isPartOf(@Nullable Route other) {
            return other != null && other.ordered == ordered && other.topics.containsAll(topics);
        }
    }
}
