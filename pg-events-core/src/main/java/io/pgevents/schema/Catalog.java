package io.pgevents.schema;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Looks into the server's catalogue. */
final class Catalog {

    private Catalog() {}

    /** The encoding of the database. */
    static String encoding(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT current_setting('server_encoding')");
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getString(1);
        }
    }

    static boolean hasTables(Connection connection, EventSchema schema) throws SQLException {
        return hasTable(connection, schema, "event_queue");
    }

    /** The version of the tables, or null if they are not there. */
    static @Nullable SchemaVersion installedVersion(Connection connection, EventSchema schema, String history)
            throws SQLException {
        if (!hasTable(connection, schema, history)) {
            return null;
        }
        String sql = "SELECT version FROM " + schema.quoted() + "." + history + " WHERE success AND version <> '0'";
        SchemaVersion newest = null;
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                SchemaVersion version = SchemaVersion.parse(rows.getString(1));
                if (newest == null || version.compareTo(newest) > 0) {
                    newest = version;
                }
            }
        }
        return newest;
    }

    static boolean hasTable(Connection connection, EventSchema schema, String table) throws SQLException {
        String sql = "SELECT FROM pg_catalog.pg_tables WHERE schemaname = ? AND tablename = ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, schema.name());
            statement.setString(2, table);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next();
            }
        }
    }

    /** Whether the user may create tables in a schema, or the schema itself if it is not there. */
    static boolean mayCreate(Connection connection, EventSchema schema) throws SQLException {
        String sql =
                "SELECT coalesce((SELECT has_schema_privilege(oid, 'CREATE') FROM pg_catalog.pg_namespace WHERE nspname = ?),"
                        + " has_database_privilege(current_database(), 'CREATE'))";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, schema.name());
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() && rows.getBoolean(1);
            }
        }
    }
}
