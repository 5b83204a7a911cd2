package io.pgevents.live;

import io.pgevents.codec.Headers;
import io.pgevents.jdbc.CommittedJdbc;
import io.pgevents.jdbc.SqlCall;
import io.pgevents.jdbc.SqlStatements;
import io.pgevents.live.LogPage.Row;
import io.pgevents.schema.EventSchema;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Predicate;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Reads the log. Thread-safe; a read is a statement of its own, and takes no part in a transaction of the caller, which
 * may see less than the tail has seen already. A server that says nothing for a while is given up.
 */
final class LogReader {

    private static final Logger log = LoggerFactory.getLogger(LogReader.class);
    /** A page has at most so many events, and so many bytes of payloads before its last one. */
    private static final int PAGE = 200;

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    static final long PAGE_BYTES = 4L << 20;
    /** So many events are in memory at once, however large they are, while a long read is fetched. */
    private static final int FETCH = 20;

    private final JdbcTemplate jdbc;
    private final String read;
    private final String now;
    private final String begin;
    private final int patienceMillis;

    LogReader(DataSource dataSource, EventSchema schema) {
        this(dataSource, schema, PATIENCE);
    }

    LogReader(DataSource dataSource, EventSchema schema, Duration patience) {
        SqlStatements statements = new SqlStatements(schema);
        this.jdbc = CommittedJdbc.apart(dataSource);
        this.read = statements.get("event_log/read");
        this.now = statements.get("event_log/now");
        this.begin = statements.get("event_log_life/begin");
        this.patienceMillis = (int) patience.toMillis();
    }

    /** Where the log ends and begins, without rows. */
    LogPage now() {
        return page(SqlCall.of(now), LogReader::bounds);
    }

    /** As {@link #now()}, but writes nothing: where nobody has asked yet, the life has no name. */
    LogPage look() {
        return execute(connection -> page(connection, SqlCall.of(now), LogReader::bounds));
    }

    private static LogPage bounds(ResultSet row) throws SQLException {
        return new LogPage(row.getString("life"), Snapshot.of(row.getString("upto")), horizon(row), List.of(), true);
    }

    /** Reads what was committed since a snapshot, if it is not more than a page. */
    LogPage read(Snapshot from) {
        return page(call(from, null, 0, null, PAGE + 1L).value(PAGE_BYTES), rows -> page(rows, from));
    }

    private LogPage page(SqlCall call, Extractor extractor) {
        return execute(connection -> {
            LogPage page = page(connection, call, extractor);
            if (!page.life().isEmpty()) {
                return page;
            }
            try (PreparedStatement statement = connection.prepareStatement(begin)) {
                statement.executeUpdate();
            }
            if (!connection.getAutoCommit()) {
                connection.commit();
            }
            return page(connection, call, extractor);
        });
    }

    private static LogPage page(Connection connection, SqlCall call, Extractor extractor) throws SQLException {
        try (PreparedStatement statement = call.createPreparedStatement(connection);
                ResultSet rows = statement.executeQuery()) {
            rows.next();
            return extractor.page(rows);
        }
    }

    /**
     * Reads from a position in a read to its end, page by page, and sorts all of it once.
     *
     * @param filter only these topics; null for all
     * @param pages gets each page; false ends the reading
     */
    void read(Position after, @Nullable TopicFilter filter, Predicate<List<Row>> pages) {
        SqlCall call =
                call(after.from(), after.upto(), after.id(), filter, null).value(null);
        boolean unused = execute(connection -> {
            // Outside of a transaction the driver would fetch all at once.
            connection.setAutoCommit(false);
            try (PreparedStatement statement = call.createPreparedStatement(connection)) {
                statement.setFetchSize(FETCH);
                try (ResultSet rows = statement.executeQuery()) {
                    pages(rows, after, pages);
                }
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
            }
            return true;
        });
    }

    /** Without a limit a read from a server that has vanished would wait for ever, even when there is another one. */
    private <T> T execute(ConnectionCallback<T> reading) {
        return Objects.requireNonNull(jdbc.execute((ConnectionCallback<T>) connection -> {
            int before = connection.getNetworkTimeout();
            connection.setNetworkTimeout(Runnable::run, patienceMillis);
            try {
                return reading.doInConnection(connection);
            } finally {
                restoreTimeout(connection, before);
            }
        }));
    }

    private static void restoreTimeout(Connection connection, int millis) {
        try {
            connection.setNetworkTimeout(Runnable::run, millis);
        } catch (SQLException ex) {
            log.debug("A connection that has failed needs no timeout any more", ex);
        }
    }

    private SqlCall call(
            Snapshot from, @Nullable Snapshot upto, long after, @Nullable TopicFilter filter, @Nullable Long most) {
        SqlCall call =
                SqlCall.of(read).value(upto == null ? null : upto.text()).value(String.valueOf(from.lastKnown()));
        addRange(call, after, filter, most);
        call.value(from.text());
        addRange(call, after, filter, most);
        return call;
    }

    private static void addRange(SqlCall call, long after, @Nullable TopicFilter filter, @Nullable Long most) {
        List<String> topics = filter == null ? null : filter.topics();
        call.value(after)
                .nullableArray("text", topics)
                .nullableArray("text", topics)
                .value(filter == null ? null : filter.regex())
                .value(most);
    }

    private static LogPage page(ResultSet result, Snapshot from) throws SQLException {
        String life = result.getString("life");
        Snapshot upto = Snapshot.of(result.getString("upto"));
        Long horizon = horizon(result);
        Position end = Position.at(life, upto);
        String prefix = Position.at(life, from).beforeAll(upto).prefix();
        List<Row> rows = new ArrayList<>();
        long bytes = 0;
        String transaction = result.getString("transaction_id");
        while (transaction != null) {
            rows.add(row(result, Long.parseLong(transaction), prefix));
            bytes = result.getLong("bytes");
            transaction = result.next() ? result.getString("transaction_id") : null;
        }
        return rows.size() > PAGE || bytes >= PAGE_BYTES
                ? new LogPage(life, upto, horizon, List.of(), false)
                : new LogPage(life, upto, horizon, ended(rows, end), true);
    }

    private static void pages(ResultSet result, Position after, Predicate<List<Row>> pages) throws SQLException {
        String prefix = after.prefix();
        List<Row> rows = new ArrayList<>();
        long fullAt = PAGE_BYTES;
        while (result.next()) {
            String transaction = result.getString("transaction_id");
            if (transaction == null) {
                return;
            }
            if (rows.size() == PAGE || result.getLong("bytes") > fullAt) {
                if (!rows.isEmpty() && !pages.test(rows)) {
                    return;
                }
                rows = new ArrayList<>();
                fullAt = result.getLong("bytes") + PAGE_BYTES;
            }
            rows.add(row(result, Long.parseLong(transaction), prefix));
        }
        boolean unused = pages.test(ended(rows, after.atEnd()));
    }

    private static List<Row> ended(List<Row> rows, Position end) {
        if (!rows.isEmpty()) {
            int last = rows.size() - 1;
            rows.set(last, atEnd(rows.get(last), end));
        }
        return rows;
    }

    /** Who has got the last event of a read has seen all of it. */
    private static Row atEnd(Row last, Position end) {
        return new Row(last.transaction(), last.id(), last.withCursor(end.cursor()));
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
                new LiveCursor(prefix + Position.place(id)));
        return new Row(transaction, id, event);
    }

    private static @Nullable Long horizon(ResultSet row) throws SQLException {
        String horizon = row.getString("horizon");
        return horizon == null ? null : Long.valueOf(horizon);
    }

    /** Makes a page of a result, which is on its first row. */
    private interface Extractor {
        LogPage page(ResultSet rows) throws SQLException;
    }
}
