package io.pgevents.jdbc;

import io.pgevents.schema.EventSchema;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;

/**
 * Loads named statements, {@code sql/<table>/<verb>.sql}, for one schema. The placeholder for the schema is replaced
 * and comment lines are left out, so that a statement can be pasted into psql and is short on the wire.
 */
public final class SqlStatements {

    private final EventSchema schema;

    public SqlStatements(EventSchema schema) {
        this.schema = schema;
    }

    /** The text of a statement, for example {@code event_queue/claim}. */
    public String get(String name) {
        String resource = "/io/pgevents/sql/" + name + ".sql";
        try (InputStream in = SqlStatements.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("The statement " + resource + " is missing from the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.stripLeading().startsWith("--"))
                    .collect(Collectors.joining("\n"))
                    .replace("'${schema}.", "'" + schema.quoted().replace("'", "''") + ".")
                    .replace("${schema}", schema.quoted())
                    .replace("${lock_seed}", String.valueOf(schema.name().hashCode()));
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }
}
