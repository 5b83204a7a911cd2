package io.pgevents.subscription;

import io.pgevents.PgEventsStartException;
import io.pgevents.jdbc.CommittedJdbc;
import io.pgevents.jdbc.SqlCall;
import io.pgevents.jdbc.SqlStatements;
import io.pgevents.schema.EventSchema;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Writes the declared subscriptions and their routes to the database. The package documentation has the protocol. */
public final class SubscriptionRegistration {

    private final JdbcTemplate jdbc;
    private final DurableRoutes durable;
    private final LiveRoutes live;
    private final Adoption adoption;
    private final WaitingTopics waiting;
    private final SqlStatements statements;

    public SubscriptionRegistration(
            DataSource dataSource, PlatformTransactionManager transactionManager, EventSchema schema) {
        this.jdbc = CommittedJdbc.joining(dataSource);
        this.statements = new SqlStatements(schema);
        RouteLock lock = new RouteLock(jdbc, new TransactionTemplate(transactionManager), statements);
        this.durable = new DurableRoutes(jdbc, lock, statements);
        this.live = new LiveRoutes(jdbc, lock, statements);
        this.adoption = new Adoption(jdbc, statements);
        this.waiting = new WaitingTopics(jdbc, statements);
    }

    /**
     * Registers the subscriptions of an instance that starts.
     *
     * @param node the id of the instance, whose row is there
     * @throws PgEventsStartException if two of them have one name
     */
    public void register(int node, List<Subscription> subscriptions) {
        requireUniqueNames(subscriptions);
        durable.declare(node, subscriptions);
        write(subscriptions);
    }

    /**
     * Registers subscriptions, for no running instance.
     *
     * @throws PgEventsStartException if two of them have one name
     */
    public void register(List<Subscription> subscriptions) {
        requireUniqueNames(subscriptions);
        write(subscriptions);
    }

    private void write(List<Subscription> subscriptions) {
        durable.route(subscriptions);
        jdbc.update(SqlCall.of(statements.get("event_subscription/limit"))
                .array("text", subscriptions, Subscription::name)
                .array("int4", subscriptions, each -> each.settings().retry().maxAttempts()));
    }

    /**
     * Makes the routes follow the instances that run: what one that has stopped had declared alone goes, and what somebody
     * has taken away comes back. To be repeated every minute; writes nothing if nothing has changed and all declare the same.
     *
     * @param node the id of this instance
     * @param subscriptions what it declares
     */
    public void refresh(int node, List<Subscription> subscriptions) {
        durable.declare(node, subscriptions);
        durable.askOthers(node, subscriptions);
        durable.route(subscriptions);
    }

    /**
     * Says which topics this application follows live, so that their events are written to the live log. To be repeated
     * every hour: what nobody has named for a day is forgotten.
     *
     * @return whether one of the topics had been forgotten since the last time, so that its events were not written
     */
    public boolean registerLive(Collection<TopicPattern> topics) {
        return live.use(topics);
    }

    /**
     * What an adoption has done.
     *
     * @param events how many events have found a subscription
     * @param more whether it has not come to the end of what waits: the next one goes on there
     */
    public record Adopted(int events, boolean more) {}

    /** Gives events that wait for their first subscription to these, for at most some seconds. */
    public Adopted adoptWaiting(List<Subscription> subscriptions) {
        return adoption.run(subscriptions);
    }

    /** Warns of topics whose events wait for a first subscription for long, once for each of them. */
    public void reportWaiting() {
        waiting.report();
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
}
