package io.pgevents.subscription;

import io.pgevents.jdbc.SqlCall;
import io.pgevents.jdbc.SqlStatements;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowCallbackHandler;

/**
 * Warns of topics whose events have waited for a first subscription for long, because that is mostly a typing error: once
 * for each topic while the instance runs, and not of more than a hundred. Thread-safe.
 */
final class WaitingTopics {

    private static final Logger log = LoggerFactory.getLogger(WaitingTopics.class);
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final int MOST = 100;

    private final JdbcTemplate jdbc;
    private final String waiting;
    private final String delete;
    private final Set<String> reported = ConcurrentHashMap.newKeySet();

    WaitingTopics(JdbcTemplate jdbc, SqlStatements statements) {
        this.jdbc = jdbc;
        this.waiting = statements.get("event_queue/waiting");
        this.delete = statements.get("event_queue/delete_waiting");
    }

    void report() {
        int left = MOST - reported.size();
        if (left > 0) {
            jdbc.query(
                    SqlCall.of(waiting)
                            .value(LONG.toMillis())
                            .array("text", List.copyOf(reported), each -> each)
                            .value(left),
                    (RowCallbackHandler) this::report);
        }
    }

    private void report(ResultSet row) throws SQLException {
        String topic = row.getString("topic");
        Instant since = row.getTimestamp("since").toInstant();
        if (reported.add(topic)) {
            log.warn(
                    "{} events or more of the topic \"{}\" wait for a first subscription, some since {}. Correct the topic"
                            + " where it is published, or subscribe to it; or delete them: {}",
                    row.getLong("events"),
                    topic,
                    since,
                    delete.replace("${topic}", "'" + topic.replace("'", "''") + "'"));
        }
    }
}
