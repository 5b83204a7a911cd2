package io.pgevents.capture;

import io.pgevents.jdbc.CommittedJdbc;
import io.pgevents.jdbc.SqlStatements;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

/** Looks at tables and triggers in the server's catalogue. Thread-safe; joins a transaction. */
final class CaptureCatalog {

    private final JdbcTemplate jdbc;
    private final SqlStatements statements;

    CaptureCatalog(DataSource dataSource, SqlStatements statements) {
        this.jdbc = CommittedJdbc.joining(dataSource);
        this.statements = statements;
    }

    /** A table by its name as in SQL; empty if there is none. */
    Optional<CapturedTable> table(String name) {
        try {
            return jdbc
                    .query(
                            statements.get("event_capture/resolve"),
                            (row, n) -> new CapturedTable(
                                    row.getString("nspname"),
                                    row.getString("relname"),
                                    row.getLong("id"),
                                    row.getBoolean("is_table"),
                                    texts(row.getArray("columns")),
                                    texts(row.getArray("key_columns")),
                                    row.getString("powerless_owner")),
                            name)
                    .stream()
                    .findFirst();
        } catch (DataAccessException ex) {
            throw new IllegalArgumentException(
                    "The table " + name + " cannot be looked up: "
                            + ex.getMostSpecificCause().getMessage(),
                    ex);
        }
    }

    /** The triggers that are there, on any table. */
    List<Found> triggers() {
        return jdbc.query(statements.get("event_capture/triggers"), CaptureCatalog::found);
    }

    private static Found found(ResultSet row, int number) throws SQLException {
        return new Found(
                row.getString("nspname"),
                row.getString("relname"),
                row.getLong("id"),
                row.getString("version"),
                row.getString("tgname"),
                row.getBoolean("disabled"),
                row.getString("comment"));
    }

    private static List<String> texts(Array array) throws SQLException {
        return List.of((String[]) array.getArray());
    }

    /**
     * A trigger that is there.
     *
     * @param schema the schema of its table
     * @param table its table
     * @param id its own object id; one that was replaced keeps it
     * @param version another one whenever it is created, replaced, or switched on or off
     * @param name its name
     * @param disabled whether somebody has switched it off
     * @param comment what the catalogue says of it
     */
    record Found(
            String schema,
            String table,
            long id,
            String version,
            String name,
            boolean disabled,
            @Nullable String comment) {

        /** Its table as it stands in SQL. */
        String qualifiedTable() {
            return Sql.identifier(schema) + "." + Sql.identifier(table);
        }

        boolean hasCommentOf(Found other) {
            return Objects.equals(comment, other.comment);
        }

        /** Whether it stands where a trigger has to be. */
        boolean isInPlaceOf(Trigger trigger) {
            return name.equals(trigger.name())
                    && schema.equals(trigger.capture().schema())
                    && table.equals(trigger.capture().table());
        }
    }
}
