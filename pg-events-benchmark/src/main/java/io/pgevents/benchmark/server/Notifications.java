package io.pgevents.benchmark.server;

import java.sql.SQLException;

/**
 * How often a database was asked to notify until now, or between two readings: the calls of statements with
 * {@code NOTIFY} or {@code pg_notify}, whatever their channel. What is called inside of functions is not seen.
 *
 * @param wakeUps all but the heartbeats, or -1 if the server does not count statements
 * @param heartbeats those of the hub to itself, or -1
 */
public record Notifications(long wakeUps, long heartbeats) {

    private static final String CALLS = "SELECT coalesce(sum(calls), 0)::bigint FROM pg_stat_statements"
            + " WHERE dbid = (SELECT oid FROM pg_database WHERE datname = '%s')"
            + " AND (query ILIKE '%%pg_notify(%%' OR query ILIKE 'NOTIFY %%')"
            + " AND (query LIKE '%%pg_notification_queue_usage%%') = %s";

    /** Reads a database. */
    public static Notifications of(Server server, Database database) throws SQLException {
        return server.countsStatements()
                ? new Notifications(calls(server, database, false), calls(server, database, true))
                : new Notifications(-1, -1);
    }

    private static long calls(Server server, Database database, boolean heartbeats) throws SQLException {
        return server.admin().number(CALLS.formatted(database.name(), heartbeats));
    }

    /** Whether the server counts them. */
    public boolean isCounted() {
        return heartbeats >= 0;
    }

    /** What came since an earlier reading. */
    public Notifications since(Notifications earlier) {
        return isCounted() ? new Notifications(wakeUps - earlier.wakeUps, heartbeats - earlier.heartbeats) : this;
    }
}
