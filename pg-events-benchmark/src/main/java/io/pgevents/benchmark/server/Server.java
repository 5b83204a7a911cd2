package io.pgevents.benchmark.server;

import io.pgevents.benchmark.contestant.Effects;
import io.pgevents.benchmark.contestant.Target;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The measured server: an embedded one, which is stopped and deleted by {@link #close()}, or one that is already there.
 * All contestants are measured on the same server with the same settings.
 */
public final class Server implements AutoCloseable {

    private static final Map<String, String> EMBEDDED = Map.of(
            "fsync", "on",
            "synchronous_commit", "on",
            "full_page_writes", "on",
            "shared_buffers", "1GB",
            "max_wal_size", "8GB",
            "checkpoint_timeout", "15min",
            "max_connections", "200",
            "shared_preload_libraries", "pg_stat_statements");
    private static final String SETTINGS = "SELECT name, current_setting(name) AS value FROM pg_settings"
            + " WHERE name IN ('server_version', 'fsync', 'synchronous_commit', 'full_page_writes', 'wal_level',"
            + " 'shared_buffers', 'max_wal_size', 'checkpoint_timeout', 'max_connections', 'autovacuum', 'jit',"
            + " 'wal_compression', 'shared_preload_libraries', 'effective_io_concurrency', 'io_method')"
            + " ORDER BY name";

    private final AtomicInteger databases = new AtomicInteger();
    private final Database admin;
    private final @Nullable EmbeddedPostgres embedded;

    private Server(Target admin, @Nullable EmbeddedPostgres embedded) {
        this.admin = new Database(admin, this::drop);
        this.embedded = embedded;
    }

    /** Starts a server in a directory of its own. */
    public static Server embedded() throws IOException {
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder();
        EMBEDDED.forEach(builder::setServerConfig);
        EmbeddedPostgres started = builder.start();
        String url = "jdbc:postgresql://localhost:" + started.getPort() + "/postgres";
        return new Server(new Target(url, "postgres", "postgres"), started);
    }

    /**
     * Uses a running server.
     *
     * @param admin any database of it, and a superuser
     * @throws IllegalArgumentException if there is no connection
     */
    public static Server at(Target admin) {
        Server server = new Server(admin, null);
        try {
            server.admin().execute("SELECT 1");
            return server;
        } catch (SQLException ex) {
            throw new IllegalArgumentException(
                    "No connection to " + admin.url() + " as " + admin.user() + ": " + ex.getMessage(), ex);
        }
    }

    /** The database one connects to for readings, in which nothing is measured. */
    public Database admin() {
        return admin;
    }

    /** Creates an empty database that has the table of effects; closing drops it. */
    public Database freshDatabase() throws SQLException {
        String name = "pg_events_benchmark_" + ProcessHandle.current().pid() + "_" + databases.incrementAndGet();
        admin.execute("CREATE DATABASE " + name);
        Target target = new Target(
                DatabaseUrls.withDatabase(admin.target().url(), name),
                admin.target().user(),
                admin.target().password());
        Database database = new Database(target, this::drop);
        try (Connection connection = database.open()) {
            Effects.create(connection);
        }
        return database;
    }

    /** Whether the server counts statements, with pg_stat_statements. */
    public boolean countsStatements() throws SQLException {
        String loaded = "SELECT count(*) FROM pg_settings WHERE name = 'shared_preload_libraries'"
                + " AND setting LIKE '%pg_stat_statements%'";
        if (admin.number(loaded) == 0) {
            return false;
        }
        admin.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements");
        return true;
    }

    private void drop(String name) throws SQLException {
        admin.execute("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
    }

    /** The settings that matter, as the server tells them, and how long it takes to commit. */
    public Map<String, String> settings() throws SQLException {
        Map<String, String> settings = new LinkedHashMap<>();
        admin.rows(SETTINGS, row -> settings.put(row.getString("name"), row.getString("value")));
        try (Database database = freshDatabase()) {
            settings.put("time of a commit", CommitTime.measure(database));
        }
        return settings;
    }

    @Override
    public void close() throws IOException {
        if (embedded != null) {
            embedded.close();
        }
    }
}
