package io.pgevents.benchmark.peers;

import io.pgevents.benchmark.contestant.Effects;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.springframework.core.io.ClassPathResource;

/** The tables a peer needs. Creating them again does nothing. */
final class Schema {

    private static final String EXISTS = "SELECT to_regclass(?) IS NOT NULL";

    private Schema() {}

    /** Creates the table of effects. */
    static void createEffects(DataSource pool) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            Effects.create(connection);
        }
    }

    /** Creates the table of effects, and what is in a script, unless the script's table is there. */
    static void create(DataSource pool, String table, String script) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            Effects.create(connection);
            if (!exists(connection, table)) {
                run(connection, script);
            }
        }
    }

    /** Runs a script of the class path. */
    static void run(Connection connection, String script) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(new ClassPathResource(script).getContentAsString(StandardCharsets.UTF_8));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static boolean exists(Connection connection, String table) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(EXISTS)) {
            query.setString(1, table);
            try (ResultSet result = query.executeQuery()) {
                return result.next() && result.getBoolean(1);
            }
        }
    }
}
