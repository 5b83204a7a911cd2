package io.pgevents.live;

import io.pgevents.codec.Headers;
import io.pgevents.jdbc.SqlCall;
import io.pgevents.jdbc.SqlStatements;
import io.pgevents.live.LogPage.Row;
import io.pgevents.schema.EventSchema;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.ResultSetExtractor;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * Reads the log. Thread-safe; each page is a statement of its own, and takes no part in a transaction of the caller, which
 * may see less than the tail has seen already.
 */
final class LogReader {

    /** As the statement has it. */
    private static final int PAGE = 200;

    private final JdbcTemplate jdbc;
    private final String read;
    private final String now;

    LogReader(DataSource dataSource, EventSchema schema) {
        SqlStatements statements = new SqlStatements(schema);
        this.jdbc = new JdbcTemplate(new DelegatingDataSource(dataSource));
        this.read = statements.get("event_log/read");
        this.now = statements.get("event_log/now");
    }

    /** Where the log ends and begins, without rows. */
    LogPage now() {
        return Objects.requireNonNull(jdbc.queryForObject(
                now, (row, n) -> new LogPage(Snapshot.of(row.getString("upto")), horizon(row), List.of(), true)));
    }

    /** Begins to read what was committed since a snapshot. */
    LogPage begin(Snapshot from) {
        return page(from, null, Position.at(from), null);
    }

    /** Goes on with a read, after a position in it. */
    LogPage next(Position after) {
        return page(after.from(), after.upto(), after, null);
    }

    /** As {@link #next}, and only events of some topics. */
    LogPage next(Position after, TopicFilter filter) {
        return page(after.from(), after.upto(), after, filter);
    }

    private LogPage page(Snapshot from, @Nullable Snapshot upto, Position after, @Nullable TopicFilter filter) {
        SqlCall call = SqlCall.of(read).value(upto == null ? null : upto.text());
        Position begin = after.orEndOf(from);
        addRange(call, begin.transaction(), begin.id(), filter);
        call.value(from.text());
        addRange(call, after.transaction(), after.id(), filter);
        return Objects.requireNonNull(jdbc.query(call, (ResultSetExtractor<LogPage>) rows -> page(rows, from)));
    }

    private static void addRange(SqlCall call, long transaction, long id, @Nullable TopicFilter filter) {
        List<String> topics = filter == null ? null : filter.topics();
        call.value(String.valueOf(transaction))
                .value(id)
                .nullableArray("text", topics)
                .nullableArray("text", topics)
                .value(filter == null ? null : filter.regex());
    }

    private static LogPage page(ResultSet result, Snapshot from) throws SQLException {
        result.next();
        Snapshot upto = Snapshot.of(result.getString("upto"));
        Long horizon = horizon(result);
        String prefix = Position.prefix(from, upto);
        List<Row> rows = new ArrayList<>();
        String transaction = result.getString("transaction_id");
        while (transaction != null) {
            rows.add(row(result, Long.parseLong(transaction), prefix));
            transaction = result.next() ? result.getString("transaction_id") : null;
        }
        boolean isLast = rows.size() < PAGE;
        if (isLast && !rows.isEmpty()) {
            int last = rows.size() - 1;
            rows.set(last, atEnd(rows.get(last), upto));
        }
        return new LogPage(upto, horizon, rows, isLast);
    }

    /** Who has got the last event of a read has seen all of it. */
    private static Row atEnd(Row last, Snapshot upto) {
        return new Row(
                last.transaction(), last.id(), last.withCursor(Position.at(upto).cursor()));
    }

    private static Row row(ResultSet row, long transaction, String prefix) throws SQLException {
        long id = row.getLong("id");
        LiveEvent event = new LiveEvent(
                row.getObject("event_id", UUID.class),
                row.getString("topic"),
                row.getString("type"),
                row.getString("ordering_key"),
                Headers.read(id, row.getString("headers")),
                row.getString("payload"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                new LiveCursor(prefix + Position.place(transaction, id)));
        return new Row(transaction, id, event);
    }

    private static @Nullable Long horizon(ResultSet row) throws SQLException {
        String horizon = row.getString("horizon");
        return horizon == null ? null : Long.valueOf(horizon);
    }
}
