package io.pgevents.benchmark.contestant;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** The table of effects: one row for each event that was handled. */
public final class Effects {

    /** Writes the effect of one event. */
    public static final String INSERT = "INSERT INTO effect (number) VALUES (?)";

    private Effects() {}

    /** Creates the table, if it is not there. */
    public static void create(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE IF NOT EXISTS effect (number integer NOT NULL)");
        }
    }

    /** Writes the effects of several events at once. */
    public static void write(Connection connection, List<Payload> payloads) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            for (Payload payload : payloads) {
                insert.setInt(1, payload.number());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }
}
