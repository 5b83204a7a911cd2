package io.pgevents.maintenance;

import io.pgevents.jdbc.CommittedJdbc;
import io.pgevents.jdbc.SqlStatements;
import io.pgevents.schema.EventSchema;
import java.util.List;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Gives events back whose lease is over, whoever held it: an instance that died, or a foreign consumer. The attempt
 * counts; an event without attempts left becomes a dead letter. Any instance may run it, also one that does not declare
 * the subscription, and several at a time.
 */
final class LeaseRecovery {

    private static final Logger log = LoggerFactory.getLogger(LeaseRecovery.class);
    private static final int BATCH = 1000;

    private final JdbcTemplate jdbc;
    private final String recover;

    LeaseRecovery(DataSource dataSource, EventSchema schema) {
        this.jdbc = CommittedJdbc.joining(dataSource);
        this.recover = new SqlStatements(schema).get("event_queue/recover");
    }

    /** Recovers what is expired; returns how many events. */
    int run() {
        int recovered = 0;
        int batch;
        do {
            batch = recover();
            recovered += batch;
        } while (batch == BATCH);
        return recovered;
    }

    private int recover() {
        List<String> statuses = jdbc.query(
                recover,
                (row, n) -> {
                    String status = row.getString("status");
                    log.warn(
                            "The lease of event {} of {} ended before the event was finished; it is {} now",
                            row.getLong("id"),
                            row.getString("subscription"),
                            status);
                    return status;
                },
                BATCH);
        return statuses.size();
    }
}
