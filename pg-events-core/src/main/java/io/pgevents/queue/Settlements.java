package io.pgevents.queue;

import io.pgevents.jdbc.CommittedJdbc;
import io.pgevents.jdbc.SqlCall;
import io.pgevents.jdbc.SqlStatements;
import io.pgevents.schema.EventSchema;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Ends claims. Thread-safe; joins the caller's transaction. Whatever ends a lease names its owner and changes nothing
 * if the row has another one: that is reported, not thrown.
 */
public final class Settlements {

    private final JdbcTemplate jdbc;
    private final boolean keepDone;
    private final String finish;
    private final String finishDelete;
    private final String finishLeased;
    private final String retry;
    private final String fail;
    private final String exhaust;
    private final String handBack;
    private final String renew;

    /**
     * Ends claims of one schema.
     *
     * @param keepDone whether handled events are kept, or deleted at once
     */
    public Settlements(DataSource dataSource, EventSchema schema, boolean keepDone) {
        SqlStatements statements = new SqlStatements(schema);
        this.jdbc = CommittedJdbc.joining(dataSource);
        this.keepDone = keepDone;
        this.finish = statements.get("event_queue/finish");
        this.finishDelete = statements.get("event_queue/finish_delete");
        this.finishLeased = statements.get(keepDone ? "event_queue/finish_leased" : "event_queue/finish_leased_delete");
        this.retry = statements.get("event_queue/retry");
        this.fail = statements.get("event_queue/fail");
        this.exhaust = statements.get("event_queue/exhaust");
        this.handBack = statements.get("event_queue/hand_back");
        this.renew = statements.get("event_queue/renew");
    }

    /** Finishes events whose rows the running transaction has locked; their attempts are all counted, or none is. */
    public void finish(List<ClaimedEvent> events) {
        if (events.isEmpty()) {
            return;
        }
        SqlCall call = keepDone
                ? SqlCall.of(finish)
                        .value(events.get(0).metadata().attempt()
                                - events.get(0).attemptCount())
                : SqlCall.of(finishDelete);
        jdbc.update(call.rows(events, ClaimedEvent::id));
    }

    /** Finishes leased events of one claim; returns the rows that were still ours. */
    public Set<Long> finishLeased(List<ClaimedEvent> events) {
        return events.isEmpty() ? Set.of() : ids(ofOneClaim(finishLeased, events));
    }

    /** Gives an event another attempt later; false if somebody else has taken it meanwhile. */
    public boolean retry(ClaimedEvent event, Duration delay, String error) {
        return jdbc.update(SqlCall.of(retry)
                        .value(event.metadata().attempt())
                        .value(delay.toMillis())
                        .value(error)
                        .value(event.id())
                        .value(event.owner())
                        .value(event.attemptCount())
                        .value(event.owner()))
                > 0;
    }

    /**
     * Makes an event a dead letter; false if somebody else has taken it meanwhile.
     *
     * @param attempts how many were made
     */
    public boolean fail(ClaimedEvent event, int attempts, String error) {
        return bury(fail, event, attempts, error);
    }

    /**
     * Makes an event a dead letter for which no attempt is left, and keeps the error of the last one; false if somebody else
     * has taken it meanwhile.
     *
     * @param attempts how many were made
     */
    public boolean exhaust(ClaimedEvent event, int attempts, String error) {
        return bury(exhaust, event, attempts, error);
    }

    private boolean bury(String statement, ClaimedEvent event, int attempts, String error) {
        return jdbc.update(SqlCall.of(statement)
                        .value(attempts)
                        .value(error)
                        .value(event.id())
                        .value(event.owner())
                        .value(event.attemptCount())
                        .value(event.owner()))
                > 0;
    }

    /** Hands leased events of one claim back whose handling has not begun. */
    public void handBack(List<ClaimedEvent> events) {
        if (!events.isEmpty()) {
            jdbc.update(ofOneClaim(handBack, events));
        }
    }

    /** Renews leases for the same duration; returns the rows that are still ours. */
    public Set<Long> renew(List<ClaimedEvent> events, Duration duration) {
        List<String> owners = events.stream()
                .map(ClaimedEvent::owner)
                .filter(Objects::nonNull)
                .distinct()
                .toList();
        return ids(SqlCall.of(renew)
                .rows(events, ClaimedEvent::id)
                .array("text", owners)
                .value(duration.toMillis()));
    }

    private static SqlCall ofOneClaim(String sql, List<ClaimedEvent> events) {
        return SqlCall.of(sql)
                .rows(events, ClaimedEvent::id)
                .value(events.get(0).owner());
    }

    private Set<Long> ids(SqlCall call) {
        return new HashSet<>(jdbc.query(call, (row, n) -> row.getLong("id")));
    }
}
