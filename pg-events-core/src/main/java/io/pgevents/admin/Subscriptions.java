package io.pgevents.admin;

import io.pgevents.jdbc.CommittedJdbc;
import io.pgevents.jdbc.SqlStatements;
import io.pgevents.schema.EventSchema;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** Lists and removes registered subscriptions. Thread-safe; joins the caller's transaction. */
public final class Subscriptions {

    private static final int BATCH = 1000;

    private final JdbcTemplate jdbc;
    private final SqlStatements statements;

    public Subscriptions(DataSource dataSource, EventSchema schema) {
        this.jdbc = CommittedJdbc.joining(dataSource);
        this.statements = new SqlStatements(schema);
    }

    /** The names of all registered subscriptions, also of those no running instance declares. */
    public List<String> names() {
        return jdbc.queryForList(statements.get("event_subscription/names"), String.class);
    }

    /**
     * Removes a subscription that no application declares any more, its routes, and its waiting events, in batches.
     * Events in process and dead letters stay. One that a running instance declares is back within a minute.
     *
     * @return how many waiting events were deleted
     * @throws IllegalArgumentException if the name is kept for pg-events
     */
    public long remove(String name) {
        if (name.startsWith("$")) {
            throw new IllegalArgumentException("Names that begin with $ are kept for pg-events: " + name);
        }
        jdbc.update(statements.get("event_subscription/delete"), name);
        long deleted = 0;
        int batch;
        do {
            batch = jdbc.update(statements.get("event_queue/delete_pending"), name, BATCH);
            deleted += batch;
        } while (batch > 0);
        return deleted;
    }
}
