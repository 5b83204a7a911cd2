package io.pgevents.benchmark.server;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** A session that holds a snapshot and a transaction number, so that vacuum can remove nothing, until it is closed. */
public final class PinnedHorizon implements AutoCloseable {

    private final Connection connection;

    public PinnedHorizon(Database database) throws SQLException {
        connection = database.open();
        connection.setAutoCommit(false);
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_current_xact_id(), count(*) FROM effect");
        }
    }

    @Override
    public void close() throws SQLException {
        connection.rollback();
        connection.close();
    }
}
