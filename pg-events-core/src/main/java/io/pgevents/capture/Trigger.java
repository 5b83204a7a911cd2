package io.pgevents.capture;

import io.pgevents.capture.RowChange.Operation;
import io.pgevents.jdbc.SqlStatements;
import io.pgevents.schema.EventSchema;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A trigger as it has to be.
 *
 * @param capture what it is for
 * @param name the same as long as the capture is declared
 * @param create the statement that creates it, or replaces another one of that name
 * @param comment what the catalogue has to say of it; another text means that it has to be replaced
 */
record Trigger(Capture capture, String name, String create, String comment) {

    /** The statement that sets the comment. */
    String commentOn(SqlStatements statements) {
        return Sql.fill(
                statements.get("event_capture/comment"),
                Map.of(
                        "trigger", Sql.identifier(name),
                        "table", capture.qualifiedTable(),
                        "comment", Sql.literal(comment)));
    }

    /** The triggers of a capture, one for each operation. */
    static List<Trigger> of(Capture capture, EventSchema schema, SqlStatements statements) {
        return capture.filter().operations().stream()
                .sorted()
                .map(operation -> of(capture, operation, schema, statements))
                .toList();
    }

    /** The names that triggers of a capture may have. Applications with a schema of their own do not share them. */
    static String name(EventSchema events, String schema, String table, String filter, Operation operation) {
        String place = String.join("\n", events.name(), schema, table, filter);
        return "pg_events_" + operation.text() + "_" + Sql.fingerprint(place);
    }

    private static Trigger of(Capture capture, Operation operation, EventSchema schema, SqlStatements statements) {
        String name =
                name(schema, capture.schema(), capture.table(), capture.filter().id(), operation);
        String condition = when(capture.filter(), operation);
        String create = Sql.fill(
                statements.get("event_capture/create"),
                Map.of(
                        "trigger", Sql.identifier(name),
                        "operation", operation.name(),
                        "table", capture.qualifiedTable(),
                        "each", operation == Operation.TRUNCATE ? "STATEMENT" : "ROW",
                        "when", condition == null ? "" : " WHEN (" + condition + ")",
                        "arguments", arguments(capture)));
        String comment = "pg-events publishes " + capture.filter() + " to the topic " + capture.topic() + " ("
                + Sql.fingerprint(create) + ")";
        return new Trigger(capture, name, create, comment);
    }

    private static String arguments(Capture capture) {
        return Stream.concat(
                        Stream.of(capture.topic(), capture.schema(), capture.table()), capture.keyColumns().stream())
                .map(Sql::literal)
                .collect(Collectors.joining(", "));
    }

    private static @Nullable String when(Capture.Filter filter, Operation operation) {
        if (operation == Operation.TRUNCATE) {
            return null;
        }
        String condition = filter.condition() == null ? null : "(" + filter.condition() + "\n)";
        if (operation != Operation.UPDATE) {
            return condition;
        }
        return condition == null ? differs(filter) : differs(filter) + " AND " + condition;
    }

    /** Compares what is stored, which works for every type; json and point, for example, have no equality. */
    private static String differs(Capture.Filter filter) {
        return values("OLD", filter.columns()) + " OPERATOR(pg_catalog.*<>) " + values("NEW", filter.columns());
    }

    private static String values(String row, List<String> columns) {
        return columns.isEmpty()
                ? row + ".*"
                : columns.stream()
                        .map(column -> row + "." + Sql.identifier(column))
                        .collect(Collectors.joining(", ", "ROW(", ")::record"));
    }
}
