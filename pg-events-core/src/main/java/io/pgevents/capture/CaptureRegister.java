package io.pgevents.capture;

import io.pgevents.capture.RowChange.Operation;
import io.pgevents.jdbc.CommittedJdbc;
import io.pgevents.jdbc.SqlCall;
import io.pgevents.jdbc.SqlStatements;
import io.pgevents.schema.EventSchema;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The declared captures of all applications, {@code event_capture}: who still wants which, and what nobody wants any
 * more. Thread-safe.
 */
final class CaptureRegister {

    private static final Logger log = LoggerFactory.getLogger(CaptureRegister.class);
    private static final Duration REFRESH = Duration.ofHours(1);

    private final JdbcTemplate jdbc;
    private final EventSchema schema;
    private final SqlStatements statements;
    private long refreshed = System.nanoTime();

    CaptureRegister(DataSource dataSource, EventSchema schema, SqlStatements statements) {
        this.jdbc = CommittedJdbc.joining(dataSource);
        this.schema = schema;
        this.statements = statements;
    }

    /** Says that captures are wanted. To be called before their triggers are looked for. */
    synchronized void refresh(List<Capture> captures) {
        if (!captures.isEmpty()) {
            jdbc.update(SqlCall.of(statements.get("event_capture/refresh"))
                    .array("text", captures, Capture::schema)
                    .array("text", captures, Capture::table)
                    .array("text", captures, each -> each.filter().id())
                    .array("text", captures, Capture::topic)
                    .array("text", captures, each -> each.filter().toString()));
        }
        refreshed = System.nanoTime();
    }

    /** As {@link #refresh}, if the last one is an hour ago. */
    synchronized void refreshNowAndThen(List<Capture> captures) {
        if (System.nanoTime() - refreshed > REFRESH.toNanos()) {
            refresh(captures);
        }
    }

    /** What is registered, with the triggers that are there for it. */
    List<RowCaptures.Status> list(List<CaptureCatalog.Found> triggers) {
        return jdbc.query(statements.get("event_capture/list"), (row, n) -> {
            Registered capture = registered(row);
            return new RowCaptures.Status(
                    capture.tableSchema(),
                    capture.table(),
                    row.getString("topic"),
                    row.getString("description"),
                    row.getObject("used_at", OffsetDateTime.class).toInstant(),
                    capture.triggersOf(triggers, schema).stream()
                            .map(CaptureCatalog.Found::name)
                            .sorted()
                            .toList());
        });
    }

    /** Removes the triggers of captures that nobody has wanted for a time; those of locked tables the next time. */
    void removeExpired(Duration expiry, CaptureInstallation installation, CaptureCatalog catalog) {
        for (Registered expired : expired(expiry)) {
            List<CaptureCatalog.Found> triggers = expired.triggersOf(catalog.triggers(), schema);
            try {
                boolean dropped = installation.tryDrop(triggers, () -> expired.delete(jdbc, statements, expiry));
                log.info(
                        "Nobody captures {} any more: {}",
                        expired,
                        dropped ? "removed " + triggers : "its table is locked, its triggers are removed later");
            } catch (RefreshedException ex) {
                log.debug("{} is captured again", expired, ex);
            } catch (DataAccessException ex) {
                log.warn(
                        "Nobody captures {} any more, but its triggers cannot be removed: {}. They do no harm. To remove them: {}",
                        expired,
                        ex.getMostSpecificCause().getMessage(),
                        triggers.stream().map(installation::dropOf).toList());
            }
        }
    }

    private List<Registered> expired(Duration expiry) {
        return jdbc.query(statements.get("event_capture/expired"), (row, n) -> registered(row), expiry.toMillis());
    }

    private static Registered registered(ResultSet row) throws SQLException {
        return new Registered(row.getString("table_schema"), row.getString("table_name"), row.getString("filter"));
    }

    /** Somebody has refreshed it in the meantime. */
    private static final class RefreshedException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /**
     * A capture in the table.
     *
     * @param tableSchema the schema of the table
     * @param table the table
     * @param filter the id of its filter
     */
    private record Registered(String tableSchema, String table, String filter) {

        List<CaptureCatalog.Found> triggersOf(List<CaptureCatalog.Found> all, EventSchema schema) {
            Set<String> names = Stream.of(Operation.values())
                    .map(operation -> Trigger.name(schema, tableSchema, table, filter, operation))
                    .collect(Collectors.toSet());
            return all.stream().filter(each -> names.contains(each.name())).toList();
        }

        /** In the transaction that drops the triggers: who declares it meanwhile waits, and then creates them anew. */
        void delete(JdbcTemplate jdbc, SqlStatements statements, Duration expiry) {
            String sql = statements.get("event_capture/delete_expired");
            if (jdbc.update(sql, tableSchema, table, filter, expiry.toMillis()) == 0) {
                throw new RefreshedException();
            }
        }
    }
}
