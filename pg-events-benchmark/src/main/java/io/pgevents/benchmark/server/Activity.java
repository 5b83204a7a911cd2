package io.pgevents.benchmark.server;

import java.sql.SQLException;

/**
 * What a database was asked to do until now. Read from another database, so that reading does
 * not count.
 *
 * @param statements statements that were executed, or -1 if the server does not count them
 * @param transactions transactions that ended
 * @param writingTransactions transactions of the whole server that got a number because they wrote
 */
public record Activity(long statements, long transactions, long writingTransactions) {

    /** Reads a database. */
    public static Activity of(Server server, Database database) throws SQLException {
        String ofDatabase = " FROM pg_stat_database WHERE datname = '" + database.name() + "'";
        return new Activity(
                statements(server, database),
                server.admin().number("SELECT xact_commit + xact_rollback" + ofDatabase),
                server.admin().number("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint"));
    }

    private static long statements(Server server, Database database) throws SQLException {
        if (!server.countsStatements()) {
            return -1;
        }
        return server.admin()
                .number("SELECT coalesce(sum(calls), 0)::bigint FROM pg_stat_statements"
                        + " WHERE dbid = (SELECT oid FROM pg_database WHERE datname = '" + database.name() + "')");
    }

    /** How many rows of user tables have been inserted, updated or deleted until now. Read in the database itself. */
    public static long rowsWritten(Database database) throws SQLException {
        return database.number("SELECT sum(n_tup_ins + n_tup_upd + n_tup_del)::bigint FROM pg_stat_user_tables");
    }
}
