package io.pgevents.benchmark.server;

import io.pgevents.benchmark.contestant.Target;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** A database on the measured server. Every call has a connection of its own, which is not part of what is measured. */
public final class Database implements AutoCloseable {

    private final Target target;
    private final Dropper dropper;

    Database(Target target, Dropper dropper) {
        this.target = target;
        this.dropper = dropper;
    }

    /** Takes one row. */
    @FunctionalInterface
    public interface RowReader {
        void read(ResultSet row) throws SQLException;
    }

    /** Drops databases. */
    @FunctionalInterface
    interface Dropper {
        void drop(String name) throws SQLException;
    }

    /** How contestants connect. */
    public Target target() {
        return target;
    }

    /** The name of the database. */
    public String name() {
        return DatabaseUrls.database(target.url());
    }

    /** Opens a connection; the caller closes it. */
    public Connection open() throws SQLException {
        return DriverManager.getConnection(target.url(), target.user(), target.password());
    }

    /** Executes a statement. */
    public void execute(String sql) throws SQLException {
        try (Connection connection = open();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Runs a query. */
    public void rows(String sql, RowReader reader) throws SQLException {
        try (Connection connection = open();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                reader.read(rows);
            }
        }
    }

    /** The one number a query returns; null counts as 0. */
    public long number(String sql) throws SQLException {
        long[] number = new long[1];
        rows(sql, row -> number[0] = row.getLong(1));
        return number[0];
    }

    /** Makes the conditions alike before the clock starts: statistics are there, nothing is left to be written. */
    public void settle() throws SQLException {
        execute("VACUUM (ANALYZE)");
        execute("CHECKPOINT");
    }

    /** How many bytes of WAL the server has written until now. */
    public long walBytes() throws SQLException {
        return number("SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint");
    }

    @Override
    public void close() throws SQLException {
        dropper.drop(name());
    }
}
