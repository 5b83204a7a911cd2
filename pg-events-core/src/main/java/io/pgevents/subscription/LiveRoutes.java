package io.pgevents.subscription;

import io.pgevents.jdbc.SqlCall;
import io.pgevents.jdbc.SqlStatements;
import io.pgevents.schema.EventSchema;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The routes of what is live: made of the topics that all running applications name, in the row of the
 * pseudo-subscription {@code $live}, which is not there while there are none.
 */
final class LiveRoutes {

    private static final Logger log = LoggerFactory.getLogger(LiveRoutes.class);
    private static final Duration FORGOTTEN = Duration.ofDays(1);

    private final JdbcTemplate jdbc;
    private final RouteLock lock;
    private final SqlStatements statements;
    private Map<String, String> knownSince = Map.of();

    LiveRoutes(JdbcTemplate jdbc, RouteLock lock, SqlStatements statements) {
        this.jdbc = jdbc;
        this.lock = lock;
        this.statements = statements;
    }

    /**
     * Notes that topics are in use, forgets those that are not, and changes the routes if they are others now.
     *
     * @return whether one of the topics had been forgotten since the last call, whoever has named it again first
     */
    synchronized boolean use(Collection<TopicPattern> topics) {
        Map<String, String> since = note(topics);
        jdbc.update(statements.get("event_live_topic/forget"), FORGOTTEN.toMillis());
        route();
        boolean forgotten = !knownSince.isEmpty() && !knownSince.equals(since);
        knownSince = since;
        return forgotten;
    }

    private Map<String, String> note(Collection<TopicPattern> topics) {
        Map<String, String> since = new HashMap<>();
        if (!topics.isEmpty()) {
            List<String> texts =
                    topics.stream().map(TopicPattern::text).distinct().toList();
            jdbc.query(SqlCall.of(statements.get("event_live_topic/use")).array("text", texts), row -> {
                since.put(row.getString("topic"), row.getString("since"));
            });
        }
        return since;
    }

    private void route() {
        if (named().equals(list("event_live_topic/routed"))) {
            return;
        }
        if (lock.change(this::save)) {
            log.info("The live topics of all applications are {}", named());
        } else {
            log.warn(
                    "The live topics of all applications are {}; transactions that have published and are still open do not"
                            + " know of new ones",
                    named());
        }
    }

    /** Under the lock all topics are read again: others may have named some meanwhile. */
    private void save() {
        List<TopicPattern> topics = named().stream().map(TopicPattern::new).toList();
        if (topics.isEmpty()) {
            jdbc.update(statements.get("event_subscription/delete"), EventSchema.LIVE);
            return;
        }
        jdbc.update(SqlCall.of(statements.get("event_subscription/save"))
                .value(EventSchema.LIVE)
                .value(false)
                .array("text", topics, TopicPattern::text)
                .value(TopicPattern.regexOf(topics)));
    }

    private List<String> named() {
        return list("event_live_topic/list");
    }

    private List<String> list(String statement) {
        return jdbc.queryForList(statements.get(statement), String.class);
    }
}
