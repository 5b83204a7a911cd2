package io.pgevents.maintenance;

import io.pgevents.jdbc.SqlCall;
import io.pgevents.jdbc.SqlStatements;
import io.pgevents.schema.EventSchema;
import io.pgevents.subscription.Subscription;
import java.util.List;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Gives events back whose lease is over, whoever held it: an instance that died, or a foreign consumer. The attempt
 * counts; an event without attempts left becomes a dead letter. Any instance may run it, several at a time; it knows
 * the limits of the subscriptions it declares, and gives those of others ten attempts.
 */
final class LeaseRecovery {

    private static final Logger log = LoggerFactory.getLogger(LeaseRecovery.class);
    private static final int BATCH = 1000;
    private static final int FOREIGN_ATTEMPTS = 10;

    private final JdbcTemplate jdbc;
    private final String recover;
    private final List<Subscription> subscriptions;

    LeaseRecovery(DataSource dataSource, EventSchema schema, List<Subscription> subscriptions) {
        this.jdbc = new JdbcTemplate(dataSource);
        this.recover = new SqlStatements(schema).get("event_queue/recover");
        this.subscriptions = subscriptions;
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
        SqlCall call = SqlCall.of(recover)
                .value(BATCH)
                .value(FOREIGN_ATTEMPTS)
                .array("text", subscriptions, Subscription::name)
                .array("int4", subscriptions, each -> each.settings().retry().maxAttempts());
        List<String> statuses = jdbc.query(call, (row, n) -> {
            String status = row.getString("status");
            log.warn(
                    "The lease of event {} of {} ended before the event was finished; it is {} now",
                    row.getLong("id"),
                    row.getString("subscription"),
                    status);
            return status;
        });
        return statuses.size();
    }
}
